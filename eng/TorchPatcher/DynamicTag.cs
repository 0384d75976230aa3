namespace VaeCluster.TorchPatcher;

/// <summary>The entries of a dynamic section that are read here (elf.h: DT_...).</summary>
internal static class DynamicTag
{
    public const long Hash = 4;
    public const long StringTable = 5;
    public const long SymbolTable = 6;
    public const long StringTableSize = 10;
    public const long GnuHash = 0x6ffffef5;
    public const long SymbolVersions = 0x6ffffff0;
    public const long VersionDefinitions = 0x6ffffffc;
    public const long VersionDefinitionsCount = 0x6ffffffd;
    public const long VersionNeeds = 0x6ffffffe;
    public const long VersionNeedsCount = 0x6fffffff;

    /// <summary>
    /// Entries whose value is an offset in .dynstr: NEEDED, SONAME, RPATH, RUNPATH, CONFIG, DEPAUDIT, AUDIT, AUXILIARY, FILTER.
    /// </summary>
    public static readonly IReadOnlySet<long> Names =
        new HashSet<long> { 1, 14, 15, 29, 0x6ffffefa, 0x6ffffefb, 0x6ffffefc, 0x7ffffffd, 0x7fffffff };

    public static bool IsRead(long tag) => Names.Contains(tag)
        || tag is Hash or StringTable or SymbolTable or StringTableSize or GnuHash or SymbolVersions
            or VersionDefinitions or VersionDefinitionsCount or VersionNeeds or VersionNeedsCount;
}
