using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace VaeCluster.Training.Runtime;

/// <summary>Sentences about libtorch that does not load: what was found, and what to do.</summary>
internal static partial class TorchLoadFailure
{
    /// <summary>The one version that the build can do without; eng/TorchPatcher says how.</summary>
    private const string PatchedVersion = "GLIBCXX_3.4.32";

    private const string Start = "libtorch cannot be loaded:";

    public static string Missing(IReadOnlyList<string> names, string folder) =>
        $"{Start} {string.Join(", ", names)} {(names.Count == 1 ? "is" : "are")} not in {folder}; "
        + $"build or publish vaesilo again, for {RuntimeInformation.RuntimeIdentifier}.";

    public static string Truncated(string path) =>
        $"{Start} {path} is truncated; free space on the disk, delete the file, and build or publish vaesilo again.";

    /// <summary>Names what the loader misses.</summary>
    /// <param name="text">What the loader said, after .NET's advice.</param>
    public static string Describe(string text)
    {
        var line = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
        if (MissingVersion().Match(line) is { Success: true } version)
            return Old(version.Groups["library"].Value, version.Groups["version"].Value, version.Groups["user"].Value);
        if (MissingFile().Match(line) is { Success: true } file)
            return $"{Start} {file.Groups["file"].Value} is missing; build or publish vaesilo again, or install that library.";
        return $"{Start} {line.TrimEnd('.')}; build or publish vaesilo again on this machine.";
    }

    private static string Old(string library, string version, string user) =>
        $"{Start} this machine's {Path.GetFileName(library)} lacks {version}, which {Path.GetFileName(user)} needs; "
        + (version == PatchedVersion ? "build vaesilo on this machine, or anywhere with -p:PatchTorchSharp=always, or " : "")
        + "run it on Debian 13, Ubuntu 24.04 or newer.";

    [GeneratedRegex(@"^(?<library>\S+): version [`'](?<version>[A-Z]+_[0-9.]+)' not found \(required by (?<user>.+)\)")]
    private static partial Regex MissingVersion();

    [GeneratedRegex(@"^(?<file>[^\s:]+): cannot open shared object file: No such file or directory")]
    private static partial Regex MissingFile();
}
