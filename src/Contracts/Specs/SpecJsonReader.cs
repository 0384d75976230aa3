using System.Text.Json;

namespace VaeCluster.Contracts.Specs;

/// <summary>Reads the canonical spec, which is plain JSON: the text that people write, which may be YAML, is for <see cref="SpecTextReader"/>.</summary>
internal static class SpecJsonReader
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>The values of a JSON text. They have no lines: the program wrote the text, and nobody looks for a line in it.</summary>
    /// <exception cref="JsonException">The text is not JSON, or an object has a name twice.</exception>
    public static SpecValue Read(string json)
    {
        using var document = JsonDocument.Parse(json, Options);
        return ValueOf(document.RootElement);
    }

    private static SpecValue ValueOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new SpecMapping([.. element.EnumerateObject().Select(entry => (new SpecScalar(entry.Name, 0), ValueOf(entry.Value)))], 0),
        JsonValueKind.Array => new SpecList([.. element.EnumerateArray().Select(ValueOf)], 0),
        JsonValueKind.Null => new SpecScalar(null, 0),
        JsonValueKind.String => new SpecScalar(element.GetString(), 0),
        _ => new SpecScalar(element.GetRawText(), 0),
    };
}
