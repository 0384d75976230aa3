namespace VaeCluster.Contracts.Specs;

/// <summary>The text of a spec as dotted paths and plain values, before anybody asks what a field means.</summary>
internal sealed class SpecNode
{
    /// <summary>Characters of an override before its '='; no field's path has as many.</summary>
    private const int PathLengthMax = 128;

    private readonly Dictionary<string, Leaf> _leaves = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, Leaf> Leaves => _leaves;

    /// <summary>Reads YAML or JSON. Errors of syntax go to <paramref name="errors"/>.</summary>
    public static SpecNode Parse(string text, List<SpecError> errors)
    {
        try
        {
            return Of(SpecTextReader.Read(text), errors);
        }
        catch (SpecTextException e)
        {
            errors.Add(e.Error);
            return new SpecNode();
        }
    }

    /// <summary>The leaves of a value, which must be a mapping or nothing at all.</summary>
    public static SpecNode Of(SpecValue? value, List<SpecError> errors)
    {
        var tree = new SpecNode();
        switch (value)
        {
            case SpecMapping mapping:
                tree.AddMapping("", mapping, errors);
                break;
            case null or SpecScalar { Text: null }:
                break;
            default:
                errors.Add(new(
                    "spec",
                    $"The spec is a {(value is SpecList ? "list" : "single value")}; it must be a mapping of fields.",
                    "Start it with a field such as 'name: my-run'.",
                    value.Line));
                break;
        }
        return tree;
    }

    /// <summary>Sets one field from the text <c>a.b=value</c>; the value is read as YAML.</summary>
    public void Override(string assignment, List<SpecError> errors)
    {
        if (assignment.Length > SpecLimits.OverrideLengthMax)
        {
            errors.Add(new(
                Shorten(assignment),
                $"An override has {assignment.Length} characters; at most {SpecLimits.OverrideLengthMax} are read.",
                "Write it like training.epochs=5."));
            return;
        }
        var equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals is <= 0 or > PathLengthMax)
        {
            errors.Add(new(
                Shorten(assignment),
                $"The override '{Shorten(assignment)}' has no field before a '='; it must read path=value.",
                "Write it like training.epochs=5."));
            return;
        }
        var (path, value) = (assignment[..equals].Trim(), assignment[(equals + 1)..].Trim());
        foreach (var below in _leaves.Keys.Where(key => key == path || key.StartsWith(path + ".", StringComparison.Ordinal)).ToList())
            _leaves.Remove(below);
        Add(path, ReadOverride(value), 0, errors);
    }

    /// <summary>Shows a piece of somebody's text in a message: on one line, and not all of it.</summary>
    public static string Shorten(string text)
    {
        const int LengthMax = 60;
        var shown = text.Length <= LengthMax ? text : string.Concat(text.AsSpan(0, LengthMax), "...");
        return string.Concat(shown.Select(c => char.IsControl(c) ? ' ' : c));
    }

    private static SpecValue ReadOverride(string value)
    {
        try
        {
            return SpecTextReader.Read(value) ?? new SpecScalar(null, 0);
        }
        catch (SpecTextException)
        {
            // A path with odd characters is a value all the same; the field decides whether it will do.
            return new SpecScalar(value, 0);
        }
    }

    private void AddMapping(string prefix, SpecMapping mapping, List<SpecError> errors)
    {
        foreach (var (key, value) in mapping.Entries)
            Add(prefix.Length == 0 ? key.Text! : $"{prefix}.{key.Text}", value, key.Line, errors);
    }

    private void Add(string path, SpecValue value, int line, List<SpecError> errors)
    {
        // The values of an override have lines of their own, which say nothing about the spec's text.
        if (value is SpecMapping { Entries.Count: > 0 } mapping)
            AddMapping(path, line == 0 ? WithoutLines(mapping) : mapping, errors);
        else if (value is SpecList list && list.Items.Any(item => item is not SpecScalar))
            errors.Add(new(
                path,
                $"{path} is a list of lists or of mappings; a field takes a list of plain values at most.",
                "Give a list of plain values.",
                line));
        else if (!_leaves.TryAdd(path, LeafOf(value, line)))
            errors.Add(new(path, $"{path} is given twice, first on line {_leaves[path].Line}.", "Keep one of them.", line));
    }

    private static SpecMapping WithoutLines(SpecMapping mapping) =>
        new([.. mapping.Entries.Select(entry => (entry.Key with { Line = 0 }, entry.Value))], 0);

    private static Leaf LeafOf(SpecValue value, int line) => value switch
    {
        SpecList list => new Leaf(null, [.. list.Items.Cast<SpecScalar>().Select(item => item.Text ?? "null")], line),
        SpecScalar scalar => new Leaf(scalar.Text, null, line),
        _ => new Leaf(null, null, line) { IsEmptyMapping = true },
    };

    /// <summary>A value in the text: one scalar, or a list of them. Both null means that the text says null, or has an empty mapping.</summary>
    internal sealed record Leaf(string? Scalar, IReadOnlyList<string>? Items, int Line)
    {
        public bool IsEmptyMapping { get; init; }

        public bool IsNull => this is { Scalar: null, Items: null, IsEmptyMapping: false };

        public override string ToString() => IsEmptyMapping ? "{}" : Shorten(Items is null ? Scalar ?? "null" : $"[{string.Join(", ", Items)}]");
    }
}
