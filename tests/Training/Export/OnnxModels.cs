using Microsoft.ML.OnnxRuntime;

namespace VaeCluster.Tests.Training.Export;

/// <summary>Runs ONNX files in onnxruntime, in this process.</summary>
internal static class OnnxModels
{
    /// <summary>Runs a model of one input.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="input">The input's name.</param>
    /// <param name="values">Its values, in row-major order.</param>
    /// <param name="shape">Its shape, with the batch first.</param>
    /// <returns>Each output by its name.</returns>
    public static Dictionary<string, (long[] Shape, float[] Values)> Run(string path, string input, float[] values, long[] shape)
    {
        // One thread: other tests compute at the same time.
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        using var session = new InferenceSession(path, options);
        using var runOptions = new RunOptions();
        using var tensor = OrtValue.CreateTensorValueFromMemory(values, shape);
        using var outputs = session.Run(runOptions, [input], [tensor], session.OutputNames);
        return session.OutputNames.Zip(outputs).ToDictionary(
            output => output.First,
            output => (output.Second.GetTensorTypeAndShape().Shape, output.Second.GetTensorDataAsSpan<float>().ToArray()),
            StringComparer.Ordinal);
    }
}
