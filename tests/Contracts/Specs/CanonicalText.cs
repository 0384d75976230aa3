using System.Text.Json;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Tests.Contracts.Specs;

/// <summary>Looks into the JSON that a spec is kept as.</summary>
internal static class CanonicalText
{
    public static string At(string json, string path)
    {
        using var document = JsonDocument.Parse(json);
        return path.Split('.').Aggregate(document.RootElement, (element, name) => element.GetProperty(name)).ToString();
    }

    public static string TextOf(this SpecField field, RunSpec spec) => At(RunSpecReader.Write(spec), field.Path);

    public static List<string> PathsOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. Leaves("", document.RootElement)];
    }

    private static IEnumerable<string> Leaves(string prefix, JsonElement element) => element.ValueKind == JsonValueKind.Object
        ? element.EnumerateObject().SelectMany(property => Leaves(prefix.Length == 0 ? property.Name : $"{prefix}.{property.Name}", property.Value))
        : [prefix];
}
