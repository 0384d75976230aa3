using System.Buffers.Binary;

namespace VaeCluster.Training.Runtime;

/// <summary>What can be seen of a native library before it is loaded.</summary>
internal static class NativeFile
{
    private const int HeaderBytes = 64;

    /// <summary>
    /// Whether a 64-bit ELF file lacks its end, as a copy onto a full disk does. The loader would map it all the same, and the process
    /// would end with a bus error. Other formats are left to the loader, which checks them.
    /// </summary>
    public static bool IsTruncated(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes)
            return true;
        if (!header.StartsWith("\u007fELF"u8))
            return false;
        // The table of sections ends the file.
        var offset = BinaryPrimitives.ReadInt64LittleEndian(header[40..]);
        var bytes = (long)BinaryPrimitives.ReadUInt16LittleEndian(header[58..]) * BinaryPrimitives.ReadUInt16LittleEndian(header[60..]);
        return offset > file.Length - bytes;
    }
}
