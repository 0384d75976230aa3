namespace VaeCluster.Compat.Signatures;

/// <summary>
/// One public or protected thing of an assembly, as one line of a list says it. A type has an empty
/// <see cref="Member"/>; a member has everything after its owner's name and the dot.
/// </summary>
internal sealed record Signature(string Owner, string Member, string Kind = "", IReadOnlyList<string>? Bases = null)
{
    private const string BaseMark = " <- ";

    public bool IsType => Member.Length == 0;

    public string Line => IsType
        ? Owner + " : " + Kind + (Bases is { Count: > 0 } ? BaseMark + string.Join(", ", Bases) : "")
        : Owner + "." + Member;

    /// <summary>Reads a line of a list; null for the tail of a line that a default value's line break has cut.</summary>
    public static Signature? Parse(string line)
    {
        var head = line[..HeadLength(line)];
        if (line[head.Length..] is ['.', ..] or "")
            return null;
        if (TypeKind(line[head.Length..]) is { } kind)
            return new Signature(head, "", kind, SignatureText.Split(BasesOf(line)));

        var dot = SignatureText.LastTopLevelDot(head);
        return dot < 0 ? null : new Signature(line[..dot], line[(dot + 1)..]);
    }

    // The qualified name ends at the first blank, parenthesis or bracket that is not inside <>.
    private static int HeadLength(string line)
    {
        var depth = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (depth == 0 && (c is ' ' or '(' or '['))
                return i;
            if (c == '<')
                depth++;
            else if (c == '>')
                depth--;
        }

        return line.Length;
    }

    private static string? TypeKind(string rest)
    {
        if (!rest.StartsWith(" : ", StringComparison.Ordinal))
            return null;

        var end = rest.IndexOf(BaseMark, StringComparison.Ordinal);
        var kind = end < 0 ? rest[3..] : rest[3..end];
        return kind is "class" or "sealed class" or "abstract class" or "static class" or "struct" or "interface" or "enum" or "delegate"
            ? kind
            : null;
    }

    private static string BasesOf(string line)
    {
        var start = line.IndexOf(BaseMark, StringComparison.Ordinal);
        return start < 0 ? "" : line[(start + BaseMark.Length)..];
    }
}
