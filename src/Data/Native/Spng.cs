using System.Runtime.InteropServices;

namespace VaeCluster.Data.Native;

/// <summary>The part of libspng's interface that decodes. Functions return 0, or a code for <see cref="ErrorText"/>.</summary>
internal static unsafe partial class Spng
{
    /// <summary>Four bytes a pixel; 16-bit samples give their upper byte, palettes and greys are spread out.</summary>
    public const int FormatRgba8 = 1;

    /// <summary>The transparency of palettes and of single colours becomes alpha.</summary>
    public const int DecodeTransparency = 1;

    /// <summary>The header of a PNG file.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Header
    {
        public uint Width;
        public uint Height;
        public byte BitDepth;
        public byte ColorType;
        public byte Compression;
        public byte Filter;
        public byte Interlace;
    }

    /// <summary>A context for one image; 0 when memory is short. Freed with <see cref="Free"/>.</summary>
    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_ctx_new")]
    public static partial nint New(int flags);

    /// <summary>Bounds what a chunk may ask for, in bytes.</summary>
    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_set_chunk_limits")]
    public static partial int SetChunkLimits(nint context, nuint chunk, nuint cache);

    /// <summary>Gives the whole file, which the caller keeps until the context is freed.</summary>
    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_set_png_buffer")]
    public static partial int SetBuffer(nint context, byte* file, nuint size);

    /// <summary>Reads the header.</summary>
    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_get_ihdr")]
    public static partial int GetHeader(nint context, out Header header);

    /// <summary>Decodes the image into a buffer of the caller.</summary>
    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_decode_image")]
    public static partial int Decode(nint context, byte* pixels, nuint size, int format, int flags);

    /// <summary>Text of a code; a constant that nobody frees.</summary>
    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_strerror")]
    public static partial nint ErrorText(int code);

    /// <summary>Frees a context.</summary>
    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_ctx_free")]
    public static partial void Free(nint context);
}
