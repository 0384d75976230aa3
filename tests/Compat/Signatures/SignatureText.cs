using System.Text;

namespace VaeCluster.Compat.Signatures;

/// <summary>The few text operations on signatures that must respect brackets.</summary>
internal static class SignatureText
{
    /// <summary>Splits at the commas that are in no bracket.</summary>
    public static IReadOnlyList<string> Split(string list)
    {
        var parts = new List<string>();
        var start = 0;
        foreach (var comma in TopLevel(list, ','))
        {
            parts.Add(list[start..comma].Trim());
            start = comma + 1;
        }

        if (list.Length > start)
            parts.Add(list[start..].Trim());
        return parts;
    }

    public static int LastTopLevelDot(string name) => TopLevel(name, '.').DefaultIfEmpty(-1).Last();

    /// <summary>The name up to its type arguments: <c>List&lt;T&gt;</c> gives <c>List</c> and [T].</summary>
    public static (string Name, IReadOnlyList<string> Arguments) Generic(string type)
    {
        if (!type.EndsWith('>'))
            return (type, []);

        var open = OpeningOf(type, type.Length - 1);
        return (type[..open], Split(type[(open + 1)..^1]));
    }

    /// <summary>Takes the names out of a parameter list; what remains is what the compiler binds by position.</summary>
    public static string WithoutParameterNames(string member)
    {
        var open = member.IndexOf('(', StringComparison.Ordinal);
        var close = member.LastIndexOf(')');
        if (open < 0 || close < open)
            return member;

        var parameters = Split(member[(open + 1)..close]).Select(WithoutName);
        return member[..(open + 1)] + string.Join(", ", parameters) + member[close..];
    }

    /// <summary>Replaces whole identifiers, never a part of a qualified name.</summary>
    public static string Substitute(string text, IReadOnlyDictionary<string, string> replacements)
    {
        if (replacements.Count == 0)
            return text;

        var result = new StringBuilder();
        for (var i = 0; i < text.Length;)
        {
            var end = i;
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '.'))
                end++;
            var word = text[i..end];
            if (word.Length == 0)
                word = text[i].ToString();

            result.Append(replacements.GetValueOrDefault(word, word));
            i += word.Length;
        }

        return result.ToString();
    }

    private static string WithoutName(string parameter)
    {
        var equals = parameter.IndexOf(" = ", StringComparison.Ordinal);
        var (declaration, rest) = equals < 0 ? (parameter, "") : (parameter[..equals], parameter[equals..]);
        var blank = declaration.LastIndexOf(' ');
        return blank < 0 ? parameter : declaration[..blank] + rest;
    }

    private static IEnumerable<int> TopLevel(string text, char wanted)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '<' or '[' or '(')
                depth++;
            else if (text[i] is '>' or ']' or ')')
                depth--;
            else if (depth == 0 && text[i] == wanted)
                yield return i;
        }
    }

    private static int OpeningOf(string text, int close)
    {
        var depth = 0;
        for (var i = close; i >= 0; i--)
        {
            if (text[i] == '>')
                depth++;
            else if (text[i] == '<' && --depth == 0)
                return i;
        }

        throw new FormatException($"'{text}' has a '>' without its '<'.");
    }
}
