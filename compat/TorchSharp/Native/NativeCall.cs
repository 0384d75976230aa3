using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>Turns the codes of <see cref="NativeMethods"/> into exceptions.</summary>
internal static unsafe class NativeCall
{
    /// <exception cref="ExternalException">The call failed; the message is libtorch's own.</exception>
    internal static int Check(int code)
    {
        if (code == NativeMethods.Error) Throw();
        return code;
    }

    /// <inheritdoc cref="Check(int)"/>
    internal static nint Check(nint handle)
    {
        if (handle == 0) Throw();
        return handle;
    }

    [DoesNotReturn]
    private static void Throw() => throw new ExternalException(Marshal.PtrToStringUTF8((nint)NativeMethods.LastError()));
}
