using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using VaeCluster.Data.Files.Native;

namespace VaeCluster.Data.Files;

/// <summary>
/// What a path led to, once all links were followed, and held so that it stays the same file whatever becomes of the path. Nothing is opened for reading, so
/// that a pipe does not wait and a device does nothing. On systems other than Linux the file is not held, and pipes and devices count as regular files.
/// </summary>
internal sealed class FoundPath : IDisposable
{
    private const int NoSuchFile = 2;
    private const int PermissionDenied = 13;
    private const int NotADirectory = 20;

    private readonly SafeFileHandle? _handle;

    private FoundPath(string realPath, PathKind kind, SafeFileHandle? handle)
    {
        RealPath = realPath;
        Kind = kind;
        _handle = handle;
    }

    /// <summary>Where it is, without links.</summary>
    public string RealPath { get; }

    /// <summary>What it is.</summary>
    public PathKind Kind { get; }

    /// <summary>A path that leads to this very file while this is not disposed.</summary>
    public string HeldPath => _handle is null ? RealPath : HandlePath(_handle);

    /// <summary>Follows a path.</summary>
    /// <param name="path">An absolute path.</param>
    /// <returns>Null when nothing is there.</returns>
    /// <exception cref="IOException">The path cannot be followed.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not follow it.</exception>
    public static FoundPath? Find(string path) => OperatingSystem.IsLinux() ? FindOnLinux(path) : FindElsewhere(path);

    /// <inheritdoc/>
    public void Dispose() => _handle?.Dispose();

    private static FoundPath? FindOnLinux(string path)
    {
        var descriptor = LinuxFiles.Open(path, LinuxFiles.OpenPathOnly | LinuxFiles.OpenCloseOnExec);
        if (descriptor < 0)
            return Marshal.GetLastPInvokeError() is NoSuchFile or NotADirectory ? null : throw LastError(path);
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            var real = File.ResolveLinkTarget(HandlePath(handle), returnFinalTarget: false)!.FullName;
            return new FoundPath(real, KindOf(handle, path), handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static string HandlePath(SafeFileHandle handle) => $"/proc/self/fd/{handle.DangerousGetHandle()}";

    private static PathKind KindOf(SafeFileHandle handle, string path)
    {
        Span<byte> buffer = stackalloc byte[LinuxFiles.StatxBytes];
        if (LinuxFiles.Statx(handle, "", LinuxFiles.AtEmptyPath, LinuxFiles.StatxType, buffer) < 0)
            throw LastError(path);
        return (BinaryPrimitives.ReadUInt16LittleEndian(buffer[LinuxFiles.StatxModeAt..]) & 0xF000) switch
        {
            0x1000 => PathKind.Pipe,
            0x2000 or 0x6000 => PathKind.Device,
            0xC000 => PathKind.Socket,
            _ when IsOfKernel(handle, path) => PathKind.KernelFile,
            0x4000 => PathKind.Folder,
            _ => PathKind.File,
        };
    }

    /// <summary>Whether a file is in one of the file systems whose files are made up when they are read (linux/magic.h).</summary>
    private static bool IsOfKernel(SafeFileHandle handle, string path)
    {
        Span<byte> buffer = stackalloc byte[LinuxFiles.StatfsBytes];
        if (LinuxFiles.Fstatfs(handle, buffer) < 0)
            throw LastError(path);
        return BinaryPrimitives.ReadUInt32LittleEndian(buffer) is
            0x9FA0 // proc
            or 0x62656572 // sysfs
            or 0x64626720 // debugfs
            or 0x74726163 // tracefs
            or 0x73636673 // securityfs
            or 0x27E0EB // cgroup
            or 0x63677270 // cgroup2
            or 0x62656570 // configfs
            or 0xCAFE4A11 // bpf
            or 0xF97CFF8C // selinux
            or 0xDE5E81E4; // efivarfs
    }

    private static Exception LastError(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return error == PermissionDenied
            ? new UnauthorizedAccessException($"Access to {path} is denied")
            : new IOException(Marshal.GetPInvokeErrorMessage(error));
    }

    private static FoundPath? FindElsewhere(string path)
    {
        var kind = Directory.Exists(path) ? PathKind.Folder : PathKind.File;
        if (kind == PathKind.File && !File.Exists(path))
            return null;
        return new FoundPath(WithoutLinks(path), kind, null);
    }

    /// <summary>Resolves the links of every part of a path, the first part first.</summary>
    private static string WithoutLinks(string path)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null)
            return path;
        var joined = Path.Join(WithoutLinks(parent), Path.GetFileName(path));
        return File.ResolveLinkTarget(joined, returnFinalTarget: true) is { } target ? WithoutLinks(target.FullName) : joined;
    }
}
