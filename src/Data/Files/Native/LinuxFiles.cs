using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VaeCluster.Data.Files.Native;

/// <summary>
/// What Linux knows of a file and .NET does not ask for. Each function returns -1 where it fails, and <see cref="Marshal.GetLastPInvokeError"/> says why.
/// </summary>
internal static partial class LinuxFiles
{
    /// <summary>Finds the file and does not open it: no driver, pipe or server learns of it. The same number on every architecture that .NET runs on.</summary>
    public const int OpenPathOnly = 0x200000;

    /// <summary>The handle ends with this program, and goes to no program that it starts.</summary>
    public const int OpenCloseOnExec = 0x80000;

    /// <summary>Asks for the file of the handle itself.</summary>
    public const int AtEmptyPath = 0x1000;

    /// <summary>Asks for the kind of the file.</summary>
    public const uint StatxType = 1;

    /// <summary>Bytes of <c>struct statx</c>, the same on every architecture.</summary>
    public const int StatxBytes = 256;

    /// <summary>Where the 16 bits of <c>stx_mode</c> are in it.</summary>
    public const int StatxModeAt = 28;

    /// <summary>Bytes that hold <c>struct statfs</c>; its first field, <c>f_type</c>, has the width of a pointer.</summary>
    public const int StatfsBytes = 256;

    /// <summary>Opens a file. The caller owns the descriptor that is returned.</summary>
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    /// <summary>Describes the file of a handle.</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Statx(SafeFileHandle file, string path, int flags, uint mask, Span<byte> buffer);

    /// <summary>Describes the file system of a handle's file.</summary>
    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    public static partial int Fstatfs(SafeFileHandle file, Span<byte> buffer);
}
