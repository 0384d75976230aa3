using System.Globalization;
using System.Text;

namespace Grpc.Core.Wire;

/// <summary>The grpc-message header: UTF-8, percent-encoded, because a header holds only visible ASCII.</summary>
internal static class StatusText
{
    public static string Encode(string text)
    {
        if (text.All(IsPlain))
            return text;

        var encoded = new StringBuilder(text.Length * 2);
        foreach (var unit in Encoding.UTF8.GetBytes(text))
        {
            if (IsPlain((char)unit))
                encoded.Append((char)unit);
            else
                encoded.Append(CultureInfo.InvariantCulture, $"%{unit:X2}");
        }

        return encoded.ToString();
    }

    // Tolerant of what other implementations send: a bad escape stays as it is.
    public static string Decode(string header) => Uri.UnescapeDataString(header);

    /// <summary>Says an exception and everything that caused it in one line, since a status has no inner ones.</summary>
    public static string Of(Exception exception)
    {
        var parts = new List<string>();
        for (var current = exception; current is not null; current = current.InnerException)
            parts.Add($"{current.GetType().Name}: {current.Message}");
        return string.Join(' ', parts);
    }

    private static bool IsPlain(char c) => c is >= ' ' and <= '~' and not '%';
}
