using System.Text.Json;
using System.Text.Json.Serialization;

namespace VaeCluster.Contracts;

/// <summary>How the product writes JSON, which has no word for NaN and infinity: losses may be either, and are written as strings.</summary>
public static class JsonForms
{
    /// <summary>Files that people open: indented, names in camel case, choices by name.</summary>
    public static JsonSerializerOptions Document { get; } = new()
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Lines of files and of output that programs read: names in snake case.</summary>
    public static JsonSerializerOptions Line { get; } = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };
}
