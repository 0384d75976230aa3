using System.CommandLine;

namespace VaeCluster.Client.Commands;

/// <summary>The commands that evaluate and use a trained model.</summary>
internal static class ModelCommands
{
    public static IEnumerable<Command> Create(Func<ParseResult, Invocation> with) =>
    [
        EvaluateCommand.Create(with),
        SampleCommand.Create(with),
        ReconstructCommand.Create(with),
        EncodeCommand.Create(with),
        InterpolateCommand.Create(with),
        TraverseCommand.Create(with),
        ManifoldCommand.Create(with),
        ScatterCommand.Create(with),
    ];
}
