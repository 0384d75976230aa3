using System.CommandLine;

namespace VaeCluster.Client.Commands;

/// <summary>The run that a command is about.</summary>
internal static class RunArgument
{
    public static Argument<string> Create() => new("run") { Description = "The run's id, as `vaectl list` shows it." };
}
