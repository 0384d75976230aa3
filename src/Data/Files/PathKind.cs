namespace VaeCluster.Data.Files;

/// <summary>What is at a path.</summary>
internal enum PathKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A named pipe, whose reader waits for a writer.</summary>
    Pipe,

    /// <summary>A socket.</summary>
    Socket,

    /// <summary>A device, whose driver acts when it is opened.</summary>
    Device,

    /// <summary>A file that the kernel makes up, such as those of /proc.</summary>
    KernelFile,
}
