using System.Buffers.Binary;

namespace VaeCluster.Data.Images;

/// <summary>
/// The markers of a JPEG file (ITU-T T.81, annex B), as far as they say what the codec does not report: how many components a pixel has, and
/// whether the file has its end.
/// </summary>
internal static class JpegMarkers
{
    private const byte StartOfScan = 0xDA;
    private const int InkCount = 4;

    // After a byte of precision, two of height and two of width.
    private const int ComponentCountAt = 5;

    /// <summary>The marker that every file starts with.</summary>
    public static ReadOnlySpan<byte> Start => [0xFF, 0xD8];

    // A scan's own bytes never look like a marker: FF is followed by 0 there.
    private static ReadOnlySpan<byte> End => [0xFF, 0xD9];

    /// <summary>Checks a file that begins with <see cref="Start"/>.</summary>
    /// <exception cref="BadImageException">It is truncated, damaged, or has four inks.</exception>
    public static void Check(ReadOnlySpan<byte> file)
    {
        var rest = file[Start.Length..];
        for (byte marker = 0; marker != StartOfScan;)
        {
            var segment = TakeSegment(ref rest, out marker);
            // What the numbers of inks mean depends on a profile that is not at hand; guesses come out as negatives.
            if (IsFrame(marker) && segment.Length > ComponentCountAt && segment[ComponentCountAt] == InkCount)
                throw new BadImageException("is a CMYK JPEG file; convert it to RGB");
        }
        // Looked for behind the first scan's start only: a thumbnail before it has an end of its own.
        if (rest.LastIndexOf(End) < 0)
            throw Truncated();
    }

    /// <summary>Takes a marker and its segment; returns the segment without the two bytes of its length.</summary>
    private static ReadOnlySpan<byte> TakeSegment(ref ReadOnlySpan<byte> rest, out byte marker)
    {
        var fill = rest.IndexOfAnyExcept((byte)0xFF);
        if (fill < 0 || rest.Length < fill + 3)
            throw Truncated();
        if (fill == 0)
            throw new BadImageException("is a damaged JPEG file (a marker is missing)");
        marker = rest[fill];
        var length = BinaryPrimitives.ReadUInt16BigEndian(rest[(fill + 1)..]);
        if (rest.Length < fill + 1 + length)
            throw Truncated();
        if (length < 2)
            throw new BadImageException("is a damaged JPEG file (a segment has no length)");
        var segment = rest.Slice(fill + 3, length - 2);
        rest = rest[(fill + 1 + length)..];
        return segment;
    }

    /// <summary>Frames have the markers C0 to CF, but for those of tables and of what is reserved.</summary>
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static BadImageException Truncated() => new("is truncated: a JPEG file ends with the bytes FFD9, and this one does not");
}
