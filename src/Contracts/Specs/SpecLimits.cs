namespace VaeCluster.Contracts.Specs;

/// <summary>How much the text of a spec may ask of its reader. Each has an error of its own, and a row in docs/limits.md.</summary>
public static class SpecLimits
{
    /// <summary>Characters that are read; a spec with every field and a comment on each has a tenth of it.</summary>
    public const int TextLengthMax = 65_536;

    /// <summary>Levels of mappings and lists; the spec itself has four.</summary>
    public const int DepthMax = 16;

    /// <summary>Keys in all mappings together; the spec has fewer than a hundred fields.</summary>
    public const int KeysMax = 500;

    /// <summary>Characters of a key; the longest of a field is far shorter.</summary>
    public const int KeyLengthMax = 64;

    /// <summary>Overrides of one spec: more than it has fields.</summary>
    public const int OverridesMax = 200;

    /// <summary>Characters of an override.</summary>
    public const int OverrideLengthMax = 8192;

    /// <summary>Characters of a path or of the name of an array: as long as paths are on Linux.</summary>
    public const int PathLengthMax = 4096;

    /// <summary>Errors that are reported; a text with more is some other file, and nobody reads on.</summary>
    public const int ErrorsMax = 50;
}
