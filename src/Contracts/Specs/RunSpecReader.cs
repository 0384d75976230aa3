using System.Text.Json;
using System.Text.Json.Serialization;

namespace VaeCluster.Contracts.Specs;

/// <summary>Reads run specs from text, and writes them in the one form that the cluster keeps.</summary>
public static class RunSpecReader
{
    private static readonly JsonSerializerOptions CanonicalOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Reads YAML or JSON and reports every error at once.</summary>
    /// <param name="text">The text of the spec.</param>
    /// <param name="overrides">Assignments such as <c>training.epochs=5</c>, applied in order after the text.</param>
    public static SpecResult Read(string text, IEnumerable<string>? overrides = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var errors = new List<SpecError>();
        var tree = SpecNode.Parse(text, errors);
        var assignments = overrides?.ToList() ?? [];
        if (assignments.Count > SpecLimits.OverridesMax)
            errors.Add(new(
                "spec",
                $"There are {assignments.Count} overrides; at most {SpecLimits.OverridesMax} are read.",
                "Write the fields into the spec."));
        foreach (var assignment in assignments.Take(SpecLimits.OverridesMax))
            tree.Override(assignment, errors);
        return Read(tree, errors);
    }

    /// <summary>Writes a spec as JSON: every field, in a fixed order.</summary>
    public static string Write(RunSpec spec) => JsonSerializer.Serialize(spec, CanonicalOptions);

    /// <summary>Reads what <see cref="Write"/> wrote, as JSON.</summary>
    /// <exception cref="InvalidOperationException">The text is not JSON or has errors, so something other than this program wrote it.</exception>
    public static RunSpec ReadCanonical(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        const string Cause = "Another version wrote it, or it was edited.";
        var errors = new List<SpecError>();
        try
        {
            return Read(SpecNode.Of(SpecJsonReader.Read(json), errors), errors).Spec
                ?? throw new InvalidOperationException($"The stored spec has errors: {string.Join(" ", errors)} {Cause}");
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"The stored spec is not JSON: {e.Message} {Cause}", e);
        }
    }

    private static SpecResult Read(SpecNode tree, List<SpecError> errors)
    {
        var spec = new RunSpec();
        foreach (var (path, leaf) in tree.Leaves)
        {
            if (errors.Count > SpecLimits.ErrorsMax)
                break;
            var field = SpecSchema.Fields.FirstOrDefault(known => known.Path == path);
            if ((field is null ? UnknownField(path, leaf) : field.Read(leaf, spec)) is { } error)
                errors.Add(error);
        }
        // Rules between fields would blame fields that could not be read, so they wait until each is valid by itself.
        if (errors.Count == 0)
            RunSpecRules.Complete(spec, errors);
        return new SpecResult(spec, InOrder(errors));
    }

    private static List<SpecError> InOrder(List<SpecError> errors)
    {
        var ordered = errors.OrderBy(error => error.Line).Take(SpecLimits.ErrorsMax).ToList();
        if (errors.Count > SpecLimits.ErrorsMax)
            ordered.Add(new("spec", $"The spec has more errors than these {SpecLimits.ErrorsMax}.", "Correct these first."));
        return ordered;
    }

    private static SpecError? UnknownField(string path, SpecNode.Leaf leaf)
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
