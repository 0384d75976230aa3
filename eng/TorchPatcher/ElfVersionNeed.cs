namespace VaeCluster.TorchPatcher;

/// <summary>One version that a library asks another one for: an entry of .gnu.version_r.</summary>
/// <param name="Library">The library that must have it, e.g. <c>libstdc++.so.6</c>.</param>
/// <param name="Version">The version's name, e.g. <c>GLIBCXX_3.4.32</c>.</param>
/// <param name="Index">What .gnu.version names it by.</param>
/// <param name="Hash">The SysV hash of the version's name.</param>
/// <param name="NameOffset">Where the name lies in .dynstr.</param>
/// <param name="HashPosition">Where the hash lies in the file.</param>
/// <param name="NamePosition">Where the name's offset lies in the file.</param>
internal sealed record ElfVersionNeed(
    string Library, string Version, int Index, uint Hash, uint NameOffset, long HashPosition, long NamePosition);
