using System.Text.Json;
using System.Text.Json.Serialization;

namespace VaeCluster.Contracts.Specs;

/// <summary>Reads run specs from text, and writes them in the one form that the cluster keeps.</summary>
public static class RunSpecReader
{
    /// <summary>A text with more faults than this is some other file; nobody reads on.</summary>
    private const int FaultsMax = 50;

    private static readonly JsonSerializerOptions CanonicalOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Reads YAML or JSON and reports every fault at once.</summary>
    /// <param name="text">The text of the spec.</param>
    /// <param name="overrides">Assignments such as <c>training.epochs=5</c>, applied in order after the text.</param>
    public static SpecResult Read(string text, IEnumerable<string>? overrides = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var faults = new List<SpecFault>();
        var tree = SpecNode.Parse(text, faults);
        foreach (var assignment in overrides ?? [])
            tree.Override(assignment, faults);

        var spec = new RunSpec();
        foreach (var (path, leaf) in tree.Leaves)
        {
            if (faults.Count > FaultsMax)
                break;
            var field = SpecSchema.Fields.FirstOrDefault(known => known.Path == path);
            if ((field is null ? UnknownField(path, leaf) : field.Read(leaf, spec)) is { } fault)
                faults.Add(fault);
        }
        // Rules between fields would blame fields that could not be read, so they wait until each is sound by itself.
        if (faults.Count == 0)
            RunSpecRules.Complete(spec, faults);
        return new SpecResult(spec, InOrder(faults));
    }

    /// <summary>Writes a spec as the JSON that <see cref="Read"/> takes: every field, in a fixed order.</summary>
    public static string Write(RunSpec spec) => JsonSerializer.Serialize(spec, CanonicalOptions);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidOperationException">The text has faults, so something other than this program wrote it.</exception>
    public static RunSpec ReadCanonical(string json)
    {
        var result = Read(json);
        return result.Spec ?? throw new InvalidOperationException(
            $"A stored spec has faults: {string.Join(" ", result.Faults)} It was written by another version, or changed by hand.");
    }

    private static List<SpecFault> InOrder(List<SpecFault> faults)
    {
        var ordered = faults.OrderBy(fault => fault.Line).Take(FaultsMax).ToList();
        if (faults.Count > FaultsMax)
            ordered.Add(new("spec", $"The spec has more faults than these {FaultsMax}.", "Correct these first."));
        return ordered;
    }

    private static SpecFault? UnknownField(string path, SpecNode.Leaf leaf)
    {
        var isSection = SpecSchema.Fields.Any(field => field.Path.StartsWith(path + ".", StringComparison.Ordinal));
        if (isSection && (leaf.IsNull || leaf.IsEmptyMapping))
            return null;
        if (isSection)
            return new(path, $"{path} is {leaf}; it must be a mapping of fields.", $"Put fields below it, such as {FirstFieldOf(path)}.", leaf.Line);
        return new(path, $"{path} is not a field of the spec.", $"Did you mean {FieldNames.Nearest(path)}?", leaf.Line);
    }

    private static string FirstFieldOf(string section) =>
        SpecSchema.Fields.First(field => field.Path.StartsWith(section + ".", StringComparison.Ordinal)).Path;
}
