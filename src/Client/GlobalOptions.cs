using System.CommandLine;

namespace VaeCluster.Client;

/// <summary>How results are written.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs: the messages of the API, field names as in the .proto files; one object a line where there are many.</summary>
    Json,
}

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    /// <summary>The environment variable that names the server.</summary>
    public const string ServerVariable = "VAECTL_SERVER";

    public Option<string> Server { get; } = new("--server", "-s")
    {
        Description = $"Address of any silo; also from {ServerVariable}.",
        HelpName = "address",
        Recursive = true,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } server ? server : "http://127.0.0.1:50051",
    };

    public Option<OutputFormat> Output { get; } = new("--output", "-o")
    {
        Description = "Format of results: text for people, or json, one object per line, for programs. Default: text.",
        Recursive = true,
    };

    public GlobalOptions() => Choice.Among(Output, ("text", OutputFormat.Text), ("json", OutputFormat.Json));

    public void AddTo(RootCommand root)
    {
        root.Options.Add(Server);
        root.Options.Add(Output);
    }
}
