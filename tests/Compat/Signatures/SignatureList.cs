namespace VaeCluster.Compat.Signatures;

/// <summary>The signatures of a real package, or the part of them that a stand-in claims.</summary>
internal sealed class SignatureList
{
    private readonly Dictionary<string, Signature> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Signature>> _members = new(StringComparer.Ordinal);

    // Base names carry arguments (Module<Tensor, Tensor>), type lines carry parameters (Module<T, TResult>).
    private readonly Dictionary<(string Name, int Arity), string> _definitions = [];

    public SignatureList(string name, params IEnumerable<string> lines)
    {
        Name = name;
        foreach (var signature in lines.Select(Signature.Parse).OfType<Signature>())
            Add(signature);
    }

    public string Name { get; }

    public Signature? Type(string name) => _types.GetValueOrDefault(name);

    public IReadOnlyList<Signature> Members(string owner) => _members.GetValueOrDefault(owner, []);

    public IEnumerable<string> TypeNames => _types.Keys;

    public bool Contains(Signature signature) => signature.IsType
        ? Type(signature.Owner)?.Line == signature.Line
        : Members(signature.Owner).Contains(signature);

    /// <summary>
    /// A type and everything it derives from, as far as the list knows it: each with the replacements
    /// that turn the parameters of its definition into the arguments it is used with.
    /// </summary>
    public IEnumerable<(Signature Type, IReadOnlyDictionary<string, string> Arguments)> Lineage(string typeName)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var rest = new Queue<string>([typeName]);
        while (rest.TryDequeue(out var name))
        {
            if (!seen.Add(name) || Definition(name) is not { } type)
                continue;

            var arguments = Arguments(type.Owner, name);
            yield return (type, arguments);
            foreach (var parent in type.Bases ?? [])
                rest.Enqueue(SignatureText.Substitute(parent, arguments));
        }
    }

    private Signature? Definition(string name)
    {
        if (Type(name) is { } exact)
            return exact;

        var (bare, arguments) = SignatureText.Generic(name);
        return _definitions.TryGetValue((bare, arguments.Count), out var definition) ? _types[definition] : null;
    }

    private static Dictionary<string, string> Arguments(string definition, string use) =>
        SignatureText.Generic(definition).Arguments.Zip(SignatureText.Generic(use).Arguments)
            .Where(pair => pair.First != pair.Second)
            .ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);

    private void Add(Signature signature)
    {
        if (!signature.IsType)
        {
            if (!_members.TryGetValue(signature.Owner, out var members))
                _members.Add(signature.Owner, members = []);
            members.Add(signature);
            return;
        }

        _types[signature.Owner] = signature;
        var (bare, arguments) = SignatureText.Generic(signature.Owner);
        _definitions[(bare, arguments.Count)] = signature.Owner;
    }
}
