using System.CommandLine;

namespace VaeCluster.Client.Commands;

/// <summary>A command whose help ends with examples. They are kept out of its description, which stands in the list of all commands too.</summary>
internal sealed class Verb : Command
{
    public Verb(string name, string description, params string[] examples)
        : base(name, description) => Examples = examples;

    public IReadOnlyList<string> Examples { get; }
}
