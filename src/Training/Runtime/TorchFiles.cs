namespace VaeCluster.Training.Runtime;

/// <summary>The native libraries without which nothing of TorchSharp works.</summary>
/// <param name="Folder">Where they are, or should be.</param>
/// <param name="TorchSharp">The library that TorchSharp calls, which needs the others.</param>
/// <param name="Present">Those that are there.</param>
/// <param name="Missing">The names of those that are not.</param>
internal sealed record TorchFiles(string Folder, string TorchSharp, IReadOnlyList<string> Present, IReadOnlyList<string> Missing)
{
    /// <summary>
    /// Looks for the libraries. They must lie in one folder: the loader takes the others from beside the first, and would otherwise take
    /// what the system has under these names, which may be another version of libtorch.
    /// </summary>
    public static TorchFiles Find(IReadOnlyList<string> folders)
    {
        var names = Names();
        var folder = folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, names[0]))) ?? folders[^1];
        var files = names.ConvertAll(name => Path.Combine(folder, name));
        return new(folder, files[0], [.. files.Where(File.Exists)], [.. names.Where(name => !File.Exists(Path.Combine(folder, name)))]);
    }

    private static List<string> Names()
    {
        if (OperatingSystem.IsWindows())
            return ["LibTorchSharp.dll", "torch.dll", "torch_cpu.dll", "c10.dll"];
        var extension = OperatingSystem.IsMacOS() ? "dylib" : "so";
        return [$"libLibTorchSharp.{extension}", $"libtorch.{extension}", $"libtorch_cpu.{extension}", $"libc10.{extension}"];
    }
}
