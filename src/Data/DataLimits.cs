namespace VaeCluster.Data;

/// <summary>How much a file or folder of data may ask of a silo. Each has an error of its own, and a row in docs/limits.md.</summary>
public static class DataLimits
{
    /// <summary>Files and folders that are listed below <c>data.path</c>; ImageNet has 1.3 million.</summary>
    public const int ListedFilesMax = 4_000_000;

    /// <summary>Folders below each other; sets of images have one or two levels.</summary>
    public const int FolderDepthMax = 16;

    /// <summary>Characters of the header of an array: as many as NumPy itself reads.</summary>
    public const int ArrayHeaderLengthMax = 10_000;

    /// <summary>Axes of an array: as many as NumPy has.</summary>
    public const int ArrayAxesMax = 64;

    /// <summary>Arrays in an archive.</summary>
    public const int ArchiveEntriesMax = 1000;

    /// <summary>Bytes of the list at an archive's end, of a thousand entries with long names.</summary>
    public const int ArchiveListBytesMax = 1 << 20;

    /// <summary>True factors of an example; dSprites has six.</summary>
    public const int FactorsMax = 64;

    /// <summary>How much longer content may be than its compressed form. MNIST is 5 times as long; deflate ends at about 1,000.</summary>
    public const int ExpansionMax = 250;

    /// <summary>Bytes of content that may have any such ratio: small files of one colour do.</summary>
    public const long ExpansionFreeBytes = 16 << 20;

    /// <summary>Pixels of an image file; files that claim more are mostly made to.</summary>
    public const long ImagePixelsMax = 64_000_000;

    /// <summary>Bytes of an image file.</summary>
    public const long ImageFileBytesMax = 256 << 20;

    /// <summary>Image files that a process decodes at once.</summary>
    public const int DecodersMax = 16;

    /// <summary>Pixels of an image above which it counts as large.</summary>
    public const long LargeImagePixels = 4_000_000;

    /// <summary>Large images that a process decodes at once: each takes up to half a gigabyte.</summary>
    public const int LargeDecodersMax = 2;

    /// <summary>Data sets that the submissions and validations on a silo open at once.</summary>
    public const int OpeningsMax = 8;

    /// <summary>How long the files of a submission may give no sign of progress.</summary>
    public static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Of the memory that the process may have, the part that data may take where <c>--data-memory</c> is not given.</summary>
    public const double DefaultMemoryShare = 0.75;
}
