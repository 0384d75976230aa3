using System.Globalization;
using System.Text;

namespace VaeCluster.Contracts;

/// <summary>
/// Makes text visible before it is shown: names of files and words of requests come from strangers, and a terminal obeys the control characters in them.
/// </summary>
public static class VisibleText
{
    /// <summary>The text with every control character, and every mark that changes the direction of writing, as its code, e.g. <c>\x1B</c>.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Any(IsHidden) ? Escaped(text, IsHidden) : text;
    }

    /// <summary>The same for text of several lines, whose line breaks stay.</summary>
    public static string OfLines(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        static bool IsHiddenInLine(char c) => c != '\n' && IsHidden(c);
        return text.Any(IsHiddenInLine) ? Escaped(text, IsHiddenInLine) : text;
    }

    private static string Escaped(string text, Func<char, bool> isHidden)
    {
        var visible = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (!isHidden(c))
                visible.Append(c);
            else
                visible.Append(CultureInfo.InvariantCulture, $"{(c < 0x100 ? "\\x" : "\\u")}{(int)c:X2}");
        }
        return visible.ToString();
    }

    /// <summary>Controls (C0, DEL, C1), line and paragraph separators, and what turns the direction of text (Unicode Annex 9).</summary>
    private static bool IsHidden(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
