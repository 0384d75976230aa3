using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace VaeCluster.Contracts.Specs;

/// <summary>The text of a spec as a tree of dotted paths and scalars, before anybody asks what a field means.</summary>
internal sealed class SpecNode
{
    private readonly Dictionary<string, Leaf> _leaves = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, Leaf> Leaves => _leaves;

    /// <summary>Reads YAML, of which JSON is a part. Faults of syntax go to <paramref name="faults"/>.</summary>
    public static SpecNode Parse(string text, List<SpecFault> faults)
    {
        var tree = new SpecNode();
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count > 1)
                faults.Add(new("spec", $"The spec has {stream.Documents.Count} YAML documents; it must be one.", "Keep one and put the others into files of their own."));
            else if (stream.Documents.Count == 1)
                tree.AddDocument(stream.Documents[0].RootNode, faults);
        }
        catch (YamlException e)
        {
            faults.Add(new("spec", $"The spec is not YAML or JSON: {e.Message.TrimEnd('.')}.", "Correct the syntax at that place.", (int)e.Start.Line));
        }
        return tree;
    }

    /// <summary>Sets one field from the text <c>a.b=value</c>; the value is read as YAML.</summary>
    public void Override(string assignment, List<SpecFault> faults)
    {
        var equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            faults.Add(new(assignment, $"The override '{assignment}' has no '='; it must read path=value.", "Write it like training.epochs=5."));
            return;
        }
        var (path, value) = (assignment[..equals].Trim(), assignment[(equals + 1)..].Trim());
        RemoveBelow(path);
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(value));
            Add(path, stream.Documents.Count == 0 ? new YamlScalarNode(null) : stream.Documents[0].RootNode, 0, faults);
        }
        catch (YamlException)
        {
            // A path with odd characters is a value all the same; the field decides whether it will do.
            _leaves[path] = new Leaf(value, null, 0);
        }
    }

    private void AddDocument(YamlNode root, List<SpecFault> faults)
    {
        if (root is YamlScalarNode { Value: null or "" })
            return;
        if (root is YamlMappingNode mapping)
            AddMapping("", mapping, faults);
        else
            faults.Add(new("spec", $"The spec is a {Describe(root)}; it must be a mapping of fields.", "Start it with a field such as 'name: my-run'.", (int)root.Start.Line));
    }

    private void AddMapping(string prefix, YamlMappingNode mapping, List<SpecFault> faults)
    {
        foreach (var (key, value) in mapping.Children)
        {
            if (key is YamlScalarNode { Value: { Length: > 0 } name })
                Add(prefix.Length == 0 ? name : $"{prefix}.{name}", value, (int)key.Start.Line, faults);
            else
                faults.Add(new(prefix, $"A key under '{prefix}' is a {Describe(key)}; keys must be names.", "Use the names of the fields.", (int)key.Start.Line));
        }
    }

    private void Add(string path, YamlNode value, int line, List<SpecFault> faults)
    {
        switch (value)
        {
            case YamlMappingNode mapping:
                AddMapping(path, mapping, faults);
                break;
            case YamlSequenceNode sequence when sequence.All(item => item is YamlScalarNode):
                _leaves[path] = new Leaf(null, [.. sequence.Cast<YamlScalarNode>().Select(item => item.Value ?? "")], line);
                break;
            case YamlScalarNode scalar:
                var isNull = scalar.Style == ScalarStyle.Plain && scalar.Value is null or "" or "~" or "null";
                _leaves[path] = new Leaf(isNull ? null : scalar.Value, null, line);
                break;
            default:
                faults.Add(new(path, $"{path} is a list of lists or of mappings; no field takes that.", "Give a list of plain values.", line));
                break;
        }
    }

    private void RemoveBelow(string path)
    {
        foreach (var below in _leaves.Keys.Where(key => key.StartsWith(path + ".", StringComparison.Ordinal)).ToList())
            _leaves.Remove(below);
    }

    private static string Describe(YamlNode node) => node switch
    {
        YamlMappingNode => "mapping",
        YamlSequenceNode => "list",
        _ => "single value",
    };

    /// <summary>A value in the text: one scalar, or a list of them. Both null means that the text says null.</summary>
    internal sealed record Leaf(string? Scalar, IReadOnlyList<string>? Items, int Line)
    {
        public override string ToString() => Items is null ? Scalar ?? "null" : $"[{string.Join(", ", Items)}]";
    }
}
