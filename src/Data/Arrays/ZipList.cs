using System.Buffers.Binary;

namespace VaeCluster.Data.Arrays;

/// <summary>
/// Looks at the end of a ZIP archive before a library reads its list of entries, which takes memory in proportion to the list (APPNOTE.TXT, 4.3.14 to 4.3.16).
/// </summary>
internal static class ZipList
{
    private const uint EndSignature = 0x06054B50;
    private const uint LocatorSignature = 0x07064B50;
    private const uint Zip64EndSignature = 0x06064B50;
    private const int EndBytes = 22;
    private const int LocatorBytes = 20;
    private const int Zip64EndBytes = 56;
    private const int CommentLengthMax = ushort.MaxValue;

    /// <summary>Checks that the list of an archive is short.</summary>
    /// <exception cref="InvalidDataException">It is not, or there is none; the message is to be read after the file's name.</exception>
    public static void Check(Stream file)
    {
        var tail = new byte[Math.Min(file.Length, EndBytes + CommentLengthMax)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        var end = FindEnd(tail);
        if (end < 0)
            throw new InvalidDataException("is a ZIP archive without its end; the file was cut short");
        var endAt = file.Length - tail.Length + end;
        var listAt = (long)BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end + 16));
        var isLarge = listAt == uint.MaxValue || BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(end + 10)) == ushort.MaxValue
            || BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(end + 4)) == ushort.MaxValue;
        CheckLength(isLarge ? ListOfLargeArchive(file, endAt) : listAt, endAt);
        file.Position = 0;
    }

    /// <summary>All that lies between is read as entries, whatever number of them the archive announces.</summary>
    private static void CheckLength(long listAt, long endAt)
    {
        if (listAt < 0 || listAt > endAt)
            throw Damaged();
        if (endAt - listAt > DataLimits.ArchiveListBytesMax)
            throw new InvalidDataException(
                $"has a list of entries of {endAt - listAt} bytes; at most {DataLimits.ArchiveListBytesMax} are read, which a thousand arrays take");
    }

    private static int FindEnd(ReadOnlySpan<byte> tail)
    {
        for (var at = tail.Length - EndBytes; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail[at..]) == EndSignature)
                return at;
        }
        return -1;
    }

    /// <summary>Where the list of an archive beyond 4 GiB begins, which a record of its own says.</summary>
    private static long ListOfLargeArchive(Stream file, long endAt)
    {
        var locator = Read(file, endAt - LocatorBytes, LocatorBytes, LocatorSignature);
        var record = Read(file, BinaryPrimitives.ReadInt64LittleEndian(locator.AsSpan(8)), Zip64EndBytes, Zip64EndSignature);
        return BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(48));
    }

    private static byte[] Read(Stream file, long at, int count, uint signature)
    {
        if (at < 0 || at > file.Length - count)
            throw Damaged();
        var record = new byte[count];
        file.Position = at;
        file.ReadExactly(record);
        return BinaryPrimitives.ReadUInt32LittleEndian(record) == signature ? record : throw Damaged();
    }

    private static InvalidDataException Damaged() => new("is a ZIP archive whose end is damaged");
}
