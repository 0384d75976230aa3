using System.Globalization;
using System.Linq.Expressions;
using System.Numerics;
using System.Reflection;
using System.Text.Json;

namespace VaeCluster.Contracts.Specs;

/// <summary>One field of the spec: where it stands, what it takes, what it means, and how its text is read.</summary>
public sealed class SpecField
{
    private readonly PropertyInfo[] _chain;
    private readonly Func<string, (object? Value, bool Ok)> _readScalar;
    private readonly string _rule;
    private readonly string _fix;

    /// <summary>The names that a registry has, which extensions add to; null where the field names nothing of a registry.</summary>
    private readonly Func<string>? _names;

    private SpecField(
        LambdaExpression property,
        string type,
        string rule,
        string fix,
        string meaning,
        Func<string, (object?, bool)> readScalar,
        Func<string>? names = null)
    {
        _names = names;
        _chain = ChainOf(property);
        _readScalar = readScalar;
        Path = string.Join('.', _chain.Select(link => JsonNamingPolicy.CamelCase.ConvertName(link.Name)));
        Type = type;
        _rule = rule;
        _fix = fix;
        Meaning = meaning;
        Default = Show(Get(new RunSpec()));
    }

    /// <summary>Dotted path, e.g. <c>training.batch</c>.</summary>
    public string Path { get; }

    /// <summary>What kind of value it takes, for people.</summary>
    public string Type { get; }

    /// <summary>What values are allowed, to be read after "must be".</summary>
    public string Rule => _names is null ? _rule : $"one of {_names()}";

    /// <summary>What it is for, one sentence.</summary>
    public string Meaning { get; }

    /// <summary>The default as one would write it; empty when there is none.</summary>
    public string Default { get; }

    internal string Fix => _names is null ? _fix : $"Choose one of {_names()}, or start the silos with the extension that has it.";

    internal bool IsList { get; private init; }

    internal bool IsOptional { get; private init; }

    internal static SpecField Integer<T>(Expression<Func<RunSpec, T>> property, long min, long max, string meaning, string? unit = null)
    {
        var example = min > 1 ? min : Math.Max(min, 1);
        return new(property, "integer", Between(min, max, unit), $"Set it to a whole number such as {example}.", meaning, text =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
                ? (ChangeType<T>(value), true) : (null, false))
        { IsOptional = Nullable.GetUnderlyingType(typeof(T)) is not null, IsWhole = true };
    }

    internal static SpecField Number(Expression<Func<RunSpec, double>> property, double min, double max, string meaning, bool openBelow = false)
    {
        var rule = openBelow ? Inv($"a number above {min} and up to {max}") : Inv($"a number from {min} to {max}");
        return new(property, "number", rule, "Set it to a number in that range.", meaning, text =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && (openBelow ? value > min : value >= min) && value <= max
                ? (value, true) : (null, false));
    }

    internal static SpecField Text(Expression<Func<RunSpec, string?>> property, Func<string, bool> accepts, string rule, string fix, string meaning) =>
        new(property, "text", rule, fix, meaning, text => (text, accepts(text))) { IsOptional = true };

    internal static SpecField Choice<T>(Expression<Func<RunSpec, T>> property, string meaning)
    {
        var type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        var names = Enum.GetValues(type).Cast<Enum>().ToDictionary(SpecNames.Of, value => (object)value, StringComparer.Ordinal);
        var list = string.Join(", ", names.Keys);
        return new(property, "choice", $"one of {list}", $"Choose one of {list}.", meaning, text => (names.GetValueOrDefault(text), names.ContainsKey(text)))
        { IsOptional = type != typeof(T) };
    }

    internal static SpecField Kind<TKind>(Expression<Func<RunSpec, string?>> property, KindRegistry<TKind> registry, string meaning)
        where TKind : class, ISpecKind =>
        new(property, "choice", "", "", meaning, text => (text, registry.Find(text) is not null), () => registry.Names);

    internal static SpecField Integers(Expression<Func<RunSpec, IReadOnlyList<int>?>> property, int min, int max, int mostItems, string meaning) =>
        new(
            property,
            "list of integers",
            Inv($"a list of 1 to {mostItems} whole numbers from {min} to {max}"),
            "Write it like [512] or [200, 200].",
            meaning,
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
                ? (value, true)
                : (null, false))
        { IsList = true, IsOptional = true, MostItems = mostItems };

    private bool IsWhole { get; init; }

    private int MostItems { get; init; }

    /// <summary>Reads the text of the field into <paramref name="spec"/>; returns an error when it does not fit.</summary>
    internal SpecError? Read(SpecNode.Leaf leaf, RunSpec spec)
    {
        if (leaf.IsNull)
            return IsOptional ? null : ErrorOf(leaf);
        if (IsList)
            return ReadList(leaf, spec);
        if (leaf.Scalar is null)
            return ErrorOf(leaf);
        var (value, ok) = _readScalar(leaf.Scalar);
        if (!ok)
            return ErrorOf(leaf);
        Set(spec, value);
        return null;
    }

    internal object? Get(RunSpec spec) => _chain.Aggregate((object?)spec, (holder, link) => link.GetValue(holder));

    private SpecError? ReadList(SpecNode.Leaf leaf, RunSpec spec)
    {
        var items = leaf.Items ?? (leaf.Scalar is null ? [] : [leaf.Scalar]);
        var values = items.Select(_readScalar).ToList();
        if (values.Count == 0 || values.Count > MostItems || values.Exists(value => !value.Ok))
            return ErrorOf(leaf);
        Set(spec, values.Select(value => (int)value.Value!).ToArray());
        return null;
    }

    private void Set(RunSpec spec, object? value)
    {
        var holder = _chain[..^1].Aggregate((object)spec, (inner, link) => link.GetValue(inner)!);
        _chain[^1].SetValue(holder, value);
    }

    private SpecError ErrorOf(SpecNode.Leaf leaf)
    {
        // "1e3 must be between 1 and 65536" would leave people guessing: what is missing is that it be whole.
        var isWholeOutside = !IsWhole
            || (leaf.Scalar is { } text && BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));
        return new(Path, $"{Path} is {leaf}; it must be {(isWholeOutside ? "" : "a whole number ")}{Rule}.", Fix, leaf.Line)
        {
            IsUnknownKind = _names is not null && leaf.Scalar is not null && SpecSchema.IsName(leaf.Scalar),
        };
    }

    private static PropertyInfo[] ChainOf(LambdaExpression property)
    {
        var chain = new Stack<PropertyInfo>();
        for (var node = property.Body as MemberExpression; node is not null; node = node.Expression as MemberExpression)
            chain.Push((PropertyInfo)node.Member);
        return [.. chain];
    }

    private static object ChangeType<T>(long value)
    {
        var type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        return Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
    }

    private static string Between(long min, long max, string? unit)
    {
        var suffix = unit is null ? "" : $" {unit}";
        return Inv($"between {min} and {max}{suffix}");
    }

    private static string Show(object? value) => value switch
    {
        null => "",
        Enum choice => SpecNames.Of(choice),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
