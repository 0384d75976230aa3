using System.Text;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Client.Output;

/// <summary>The fields of the spec as a Markdown table: what <c>vaectl fields</c> prints and docs/spec.md shows.</summary>
internal static class SpecTable
{
    public static string Markdown()
    {
        var table = new StringBuilder("| field | default | must be | meaning |\n|---|---|---|---|\n");
        foreach (var field in SpecSchema.Fields)
            table.Append($"| `{field.Path}` | {(field.Default.Length == 0 ? "" : $"`{field.Default}`")} | {field.Rule} | {field.Meaning} |\n");
        return table.ToString();
    }
}
