namespace VaeCluster.TorchPatcher;

/// <summary>One entry of .dynsym.</summary>
/// <param name="Name">The symbol's name.</param>
/// <param name="NameOffset">Where the name lies in .dynstr.</param>
/// <param name="IsDefined">Whether the library has it; otherwise it needs it.</param>
/// <param name="Version">Index of its version in .gnu.version_r or .gnu.version_d; 0 and 1 mean none.</param>
internal sealed record ElfSymbol(string Name, uint NameOffset, bool IsDefined, int Version);
