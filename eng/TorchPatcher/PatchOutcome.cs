namespace VaeCluster.TorchPatcher;

/// <summary>What became of a library. The value is the exit code: below 20 the build goes on, from 20 on it fails.</summary>
internal enum PatchOutcome
{
    /// <summary>A patched copy was written.</summary>
    Patched = 0,

    /// <summary>The machine's libstdc++ has every version that the library asks for.</summary>
    MachineIsNewEnough = 10,

    /// <summary>The library does not ask for the version that the patch is about.</summary>
    NothingToPatch = 11,

    /// <summary>The library is the result of an earlier patch.</summary>
    AlreadyPatched = 12,

    /// <summary>The library needs more of a newer libstdc++ than the one symbol that the patch replaces.</summary>
    AnotherVersion = 20,

    /// <summary>The file is truncated or not well-formed.</summary>
    Damaged = 21,

    /// <summary>The file is not a 64-bit ELF library for x86-64.</summary>
    NotElf = 22,

    /// <summary>The patched copy does not load on this machine.</summary>
    DoesNotLoad = 23,

    /// <summary>A file cannot be read or written, or the command line is wrong.</summary>
    Failed = 24,
}
