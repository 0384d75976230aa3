namespace VaeCluster.TorchPatcher;

/// <summary>A file is not the ELF library that it should be.</summary>
/// <param name="message">What was found.</param>
/// <param name="isElf">Whether it is a 64-bit ELF library for x86-64 at all; if so, it is damaged.</param>
internal sealed class ElfFormatException(string message, bool isElf = true) : Exception(message)
{
    public bool IsElf { get; } = isElf;
}
