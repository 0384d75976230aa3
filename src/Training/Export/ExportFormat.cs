namespace VaeCluster.Training.Export;

/// <summary>Forms in which a trained model leaves.</summary>
public enum ExportFormat
{
    /// <summary>The parameters as they are: <c>model.safetensors</c>.</summary>
    Safetensors,

    /// <summary><c>encoder.onnx</c> and <c>decoder.onnx</c>.</summary>
    Onnx,

    /// <summary><c>model.safetensors</c>, and <c>model.py</c> that loads it.</summary>
    Pytorch,
}
