namespace VaeCluster.Contracts.Specs;

/// <summary>The kinds that a field of the spec may name: the built-in ones, and those of extensions.</summary>
/// <typeparam name="TKind">What is named.</typeparam>
public sealed class KindRegistry<TKind>
    where TKind : class, ISpecKind
{
    private readonly string _what;
    private readonly string _path;
    private readonly Lock _lock = new();
    private volatile IReadOnlyList<TKind> _all;

    /// <param name="what">What one of them is called, e.g. <c>model</c>.</param>
    /// <param name="path">The field that names it.</param>
    /// <param name="builtIn">The built-in ones, in the order of the help.</param>
    internal KindRegistry(string what, string path, params IReadOnlyList<TKind> builtIn)
    {
        _what = what;
        _path = path;
        _all = builtIn;
    }

    /// <summary>All of them, the built-in ones first.</summary>
    public IReadOnlyList<TKind> All => _all;

    /// <summary>Their names, as errors list them.</summary>
    public string Names => string.Join(", ", _all.Select(kind => kind.Name));

    /// <summary>The kind of this name; null when there is none.</summary>
    public TKind? Find(string name) => _all.FirstOrDefault(kind => kind.Name == name);

    /// <summary>The kind of this name.</summary>
    /// <exception cref="InvalidOperationException">There is none on this silo.</exception>
    public TKind Get(string name) => Find(name) ?? throw new InvalidOperationException(
        $"{_path} is {name}, and this process has no such {_what}; it has {Names}. Start it with the extension that has it (--extensions).");

    /// <summary>Adds a kind.</summary>
    /// <exception cref="ArgumentException">The name is taken, or is none.</exception>
    public void Add(TKind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        if (!SpecSchema.IsName(kind.Name))
            throw new ArgumentException(
                $"The {_what} {kind.GetType().FullName} is named '{kind.Name}'; a name has 1 to {SpecSchema.NameLengthMax} lower-case "
                    + "letters, digits and dashes, with a letter or digit at both ends. Give it such a name.",
                nameof(kind));
        lock (_lock)
        {
            if (Find(kind.Name) is { } other)
                throw new ArgumentException(
                    $"The {_what} {kind.GetType().FullName} is named '{kind.Name}', and so is {other.GetType().FullName}; a name is given "
                        + "once. Rename one of them, or load only one.",
                    nameof(kind));
            _all = [.. _all, kind];
        }
    }
}
