namespace VaeCluster.TorchPatcher;

/// <summary>Patches a library file into another file, if this machine needs that.</summary>
internal static class Patcher
{
    /// <summary>
    /// Writes the patched copy. The input is only read: it lies in the NuGet cache, and output folders hold hard links to it.
    /// </summary>
    /// <param name="input">The library as its package has it.</param>
    /// <param name="output">Where the patched copy goes. It is there in full or not at all, also when two builds write it at once.</param>
    /// <param name="folders">Where the libraries that it needs are, to see whether the copy loads.</param>
    /// <param name="machine">The versions that this machine's libstdc++ has.</param>
    /// <param name="always">Whether to patch even if this machine needs no patch.</param>
    public static PatchResult Run(
        string input, string output, IReadOnlyList<string> folders, IReadOnlySet<string> machine, bool always = false)
    {
        var result = LibraryPatch.Apply(File.ReadAllBytes(input), input, machine, always);
        return result.Library is null ? result : Write(result, output, folders);
    }

    private static PatchResult Write(PatchResult result, string output, IReadOnlyList<string> folders)
    {
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
        var temporary = Path.Combine(folder.FullName, $"{Path.GetRandomFileName()}.so");
        try
        {
            File.WriteAllBytes(temporary, result.Library!);
            if (LibraryLoad.Try(temporary, folders) is { } failure)
            {
                var why = failure.Replace(temporary, output, StringComparison.Ordinal);
                return new(PatchOutcome.DoesNotLoad, $"{output} was patched for this machine's libstdc++ and does not load: {why}.");
            }
            File.Move(temporary, output, overwrite: true);
            return result;
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
