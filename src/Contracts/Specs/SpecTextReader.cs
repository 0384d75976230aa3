using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace VaeCluster.Contracts.Specs;

/// <summary>
/// Reads YAML, of which JSON is a part, into plain values. Specs come from strangers, so what can make a small text cost much is refused: aliases (which
/// repeat what they name, in themselves too), deep nesting, and texts far longer than any spec.
/// </summary>
internal sealed class SpecTextReader
{
    private readonly Parser _parser;
    private int _keyCount;

    private SpecTextReader(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>Reads the only document of a text; null when the text says nothing.</summary>
    /// <exception cref="SpecTextException">It is not such a document; the error says where and why.</exception>
    public static SpecValue? Read(string text)
    {
        if (text.Length > SpecLimits.TextLengthMax)
            throw Error(
                $"The spec has {text.Length} characters; at most {SpecLimits.TextLengthMax} are read.",
                "Check the file name: a spec is a page or two.",
                0);
        // A byte order mark is no part of the text.
        var reader = new SpecTextReader(text.TrimStart('\uFEFF'));
        try
        {
            return reader.ReadStream();
        }
        catch (YamlException e)
        {
            var message = e.Message.TrimEnd('.');
            throw Error(
                $"The spec is not YAML or JSON: {char.ToLowerInvariant(message[0])}{message[1..]}.",
                "Correct the syntax at that place.",
                LineOf(e, text),
                e);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // What the parser throws where a flow mapping or list stays open.
            throw Error(
                "The spec is not YAML or JSON: a bracket or a quote is not closed, or stands alone.",
                "Close every bracket and quote.",
                (int)(reader._parser.Current?.End.Line ?? 1),
                e);
        }
    }

    private SpecValue? ReadStream()
    {
        _parser.MoveNext();
        _parser.MoveNext();
        if (_parser.Current is StreamEnd)
            return null;
        _parser.MoveNext();
        var root = ReadValue(1);
        _parser.MoveNext();
        return _parser.Current is StreamEnd
            ? root
            : throw Error("The spec has more than one YAML document; it must be one.", "Keep one and put the others into files of their own.", Line);
    }

    /// <summary>Reads the value that starts at the current event, and goes one past its end.</summary>
    private SpecValue ReadValue(int depth)
    {
        if (depth > SpecLimits.DepthMax)
            throw Error(
                $"The spec nests deeper than {SpecLimits.DepthMax} levels.",
                "Write its fields as they stand in the documentation; none is deeper than four.",
                Line);
        switch (_parser.Current)
        {
            case Scalar scalar:
                var value = new SpecScalar(TextOf(scalar), Line);
                _parser.MoveNext();
                return value;
            case SequenceStart:
                return ReadList(depth);
            case MappingStart:
                return ReadMapping(depth);
            case AnchorAlias alias:
                throw Error($"The spec uses the alias *{alias.Value}; aliases are not read.", "Write the value out.", Line);
            default:
                throw Error("The spec is not YAML or JSON: a value is missing.", "Correct the syntax at that place.", Line);
        }
    }

    private SpecList ReadList(int depth)
    {
        var (items, line) = (new List<SpecValue>(), Line);
        _parser.MoveNext();
        while (_parser.Current is not SequenceEnd)
            items.Add(ReadValue(depth + 1));
        _parser.MoveNext();
        return new(items, line);
    }

    private SpecMapping ReadMapping(int depth)
    {
        var (entries, line) = (new List<(SpecScalar Key, SpecValue Value)>(), Line);
        _parser.MoveNext();
        while (_parser.Current is not MappingEnd)
        {
            if (++_keyCount > SpecLimits.KeysMax)
                throw Error($"The spec has more than {SpecLimits.KeysMax} keys.", "Check the file name: a spec has a few dozen fields.", Line);
            if (ReadValue(depth + 1) is not SpecScalar { Text: { Length: > 0 and <= SpecLimits.KeyLengthMax } name } key)
                throw Error($"A key is not a name of 1 to {SpecLimits.KeyLengthMax} characters.", "Use the names of the fields.", Line);
            if (entries.Find(entry => entry.Key.Text == name) is { Key: { } first })
                throw Error($"The key {name} occurs twice in one mapping, first on line {first.Line}.", "Keep one of them.", key.Line);
            entries.Add((key, ReadValue(depth + 1)));
        }
        _parser.MoveNext();
        return new(entries, line);
    }

    private static int LineOf(YamlException e, string text)
    {
        // Where a tab indents, which YAML does not allow, the parser blames a line before it.
        var tabbed = e.Message.Contains("tab", StringComparison.Ordinal)
            ? text.Split('\n').ToList().FindIndex(line => line.TrimStart(' ').StartsWith('\t') && !string.IsNullOrWhiteSpace(line))
            : -1;
        return tabbed < 0 ? (int)e.Start.Line : tabbed + 1;
    }

    private int Line => (int)(_parser.Current?.Start.Line ?? 0);

    private static string? TextOf(Scalar scalar) =>
        scalar is { Style: ScalarStyle.Plain, Value: "" or "~" or "null" or "Null" or "NULL" } ? null : scalar.Value;

    private static SpecTextException Error(string problem, string fix, int line, Exception? inner = null) => new(new("spec", problem, fix, line), inner);
}

/// <summary>The text cannot be read any further.</summary>
internal sealed class SpecTextException(SpecError error, Exception? inner) : Exception(error.ToString(), inner)
{
    public SpecError Error { get; } = error;
}

/// <summary>A value of the text.</summary>
/// <param name="Line">Where it starts, counted from 1.</param>
internal abstract record SpecValue(int Line);

/// <summary>A single value; null where the text says null.</summary>
internal sealed record SpecScalar(string? Text, int Line) : SpecValue(Line);

/// <summary>A list.</summary>
internal sealed record SpecList(IReadOnlyList<SpecValue> Items, int Line) : SpecValue(Line);

/// <summary>A mapping; no key stands twice.</summary>
internal sealed record SpecMapping(IReadOnlyList<(SpecScalar Key, SpecValue Value)> Entries, int Line) : SpecValue(Line);
