using System.Diagnostics;
using System.Net.Sockets;

namespace VaeCluster.Tests.Support;

/// <summary>Makes what is a file by its name only.</summary>
internal static class SpecialFiles
{
    /// <summary>A named pipe that nobody writes to: whoever opens it for reading waits for ever.</summary>
    public static string Pipe(string path)
    {
        using var program = Process.Start("mkfifo", [path]);
        program.WaitForExit();
        Assert.Equal(0, program.ExitCode);
        return path;
    }

    /// <summary>A socket, which is there until it is disposed of.</summary>
    public static Socket Socket(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return socket;
    }
}
