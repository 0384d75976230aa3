using System.Globalization;

namespace Grpc.Core.Wire;

/// <summary>The grpc-timeout header: at most eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    public static readonly TimeSpan Max = TimeSpan.FromSeconds(MaxValue);

    private const long MaxValue = 99_999_999;

    private static readonly (char Name, TimeSpan Length)[] Units =
    [
        ('m', TimeSpan.FromMilliseconds(1)),
        ('S', TimeSpan.FromSeconds(1)),
    ];

    /// <summary>Rounds up: a deadline may come late on the other side, never early.</summary>
    public static string Encode(TimeSpan timeout)
    {
        var rest = Math.Max(timeout.Ticks, 1);
        foreach (var (name, length) in Units)
        {
            var count = (rest + length.Ticks - 1) / length.Ticks;
            if (count <= MaxValue)
                return string.Create(CultureInfo.InvariantCulture, $"{count}{name}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{MaxValue}S");
    }

    /// <summary>Null when the header is malformed or says zero; then it counts as absent.</summary>
    public static TimeSpan? Decode(string? header)
    {
        if (header is not { Length: >= 2 and <= 9 }
            || !int.TryParse(header.AsSpan(0, header.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count == 0)
        {
            return null;
        }

        TimeSpan? timeout = header[^1] switch
        {
            'H' => TimeSpan.FromHours(count),
            'M' => TimeSpan.FromMinutes(count),
            'S' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMilliseconds(count),
            'u' => TimeSpan.FromMicroseconds(count),
            // A tick is 100 ns; less than one would be no deadline at all.
            'n' => TimeSpan.FromTicks(Math.Max(count / 100, 1)),
            _ => null,
        };

        return timeout > Max ? Max : timeout;
    }
}
