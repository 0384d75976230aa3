using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.V1;
using static VaeCluster.Client.Output.ProgressText;

namespace VaeCluster.Client.Output;

/// <summary>Everything of one run, for people.</summary>
internal static class RunDescription
{
    public static void Write(TextWriter output, Run run)
    {
        Field(output, "Run", run.RunId);
        Field(output, "Phase", Of(run.Phase));
        Field(output, "Submitted", Time(run.SubmittedAt));
        Field(output, "Started", Time(run.StartedAt));
        Field(output, "Ended", Time(run.EndedAt));
        Field(output, "Devices", run.Devices.Count == 0 ? "-" : string.Join(", ", run.Devices));
        Field(output, "Parameters", run.ParameterCount == 0 ? "-" : Inv($"{run.ParameterCount:N0}"));
        Field(output, "Artifacts", run.ArtifactsPath);
        WriteProgress(output, run);
        if (run.Results is { } results)
            WriteResults(output, results);
        LossConventions.Write(output, run);
        output.WriteLine("\nConditions");
        foreach (var condition in run.Conditions)
            output.WriteLine($"  {Time(condition.At)}  {condition.Reason,-18} {condition.Message}");
        output.WriteLine("\nSpec");
        foreach (var line in run.Spec.Split('\n'))
            output.WriteLine($"  {line}");
    }

    private static void WriteProgress(TextWriter output, Run run)
    {
        var p = run.Progress;
        if (p.StepCount == 0)
            return;
        output.WriteLine("\nProgress (nats per example, mean over the last logged steps)");
        Field(output, "  Step", $"{p.Step} of {p.StepCount}, epoch {p.Epoch} of {p.EpochCount}");
        if (RunSpecReader.Read(run.Spec).Spec is { Training.LocalSteps: > 1 } spec)
            Field(output, "  Local steps", OfLocalSteps(spec));
        Field(output, "  ELBO", Inv($"{p.ElboNats:F3} = -(reconstruction {p.ReconstructionNats:F3} + KL {p.KlNats:F3})"));
        Field(output, "  Beta", Inv($"{p.Beta:G4}"));
        Field(output, "  Learning rate", Inv($"{p.LearningRate:G4}"));
        Field(output, "  Pace", Inv($"{p.StepsPerSecond:F1} steps/s, {p.SamplesPerSecond:F0} samples/s"));
        if (p.SkippedSteps > 0)
            Field(output, "  Skipped", Inv($"{p.SkippedSteps} steps whose loss or gradient was not finite"));
    }

    private static string OfLocalSteps(RunSpec spec)
    {
        var outer = spec.Optimizer.Outer;
        return Inv(
            $"{spec.Training.LocalSteps} in a step; then {SpecNames.Of(outer.Kind)}, learning rate {outer.LearningRate:G4}, momentum {outer.Momentum:G4}");
    }

    private static void WriteResults(TextWriter output, Results results)
    {
        output.WriteLine("\nResults (nats per example, beta 1)");
        Field(output, "  Test ELBO", Inv($"{results.TestElboNats:F3} = -(reconstruction {results.TestReconstructionNats:F3} + KL {results.TestKlNats:F3})"));
        Field(output, "  Test examples", Inv($"{results.TestExamples}"));
        Field(output, "  Weights SHA-256", results.WeightsSha256);
    }

    private static void Field(TextWriter output, string name, string value) => output.WriteLine($"{name,-18}{value}");

    private static string Time(Google.Protobuf.WellKnownTypes.Timestamp? time) =>
        time is null ? "-" : Inv($"{time.ToDateTime():yyyy-MM-dd HH:mm:ss}Z");
}
