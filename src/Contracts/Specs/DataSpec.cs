namespace VaeCluster.Contracts.Specs;

/// <summary>Where the examples come from, and which of them train and which evaluate.</summary>
public sealed class DataSpec
{
    /// <summary>The kind of source: the name of one of <see cref="SpecKinds.Sources"/>.</summary>
    /// <value>Default <c>shapes</c>, which needs no download.</value>
    public string Source { get; set; } = "shapes";

    /// <summary>Folder or file of the source, as the silos see it; a relative path starts at the silo's working directory.</summary>
    /// <value>Default none; every source but <c>shapes</c> needs one.</value>
    public string? Path { get; set; }

    /// <summary>Which image files of a folder <c>idx</c> reads.</summary>
    /// <value>Default <see cref="IdxFiles.First"/>.</value>
    public IdxFiles Files { get; set; } = IdxFiles.First;

    /// <summary>How many examples train: the first ones of the source.</summary>
    /// <value>Default 0, which means all that <see cref="Test"/> leaves.</value>
    public int Train { get; set; }

    /// <summary>How many examples are held out to evaluate the model: the last ones of the source.</summary>
    /// <value>Default 1000.</value>
    public int Test { get; set; } = 1000;

    /// <summary>How many examples the <c>shapes</c> source draws.</summary>
    /// <value>Default 10000.</value>
    public int Count { get; set; } = 10_000;

    /// <summary>Height and width of the images that the <c>shapes</c> source draws and of those that <c>images</c> makes, in pixels.</summary>
    /// <value>Default 28.</value>
    public int ImageSize { get; set; } = 28;

    /// <summary>Channels of the images that <c>shapes</c> draws and <c>images</c> makes: 1 is grey, 3 is colour.</summary>
    /// <value>Default 1.</value>
    public int Channels { get; set; } = 1;

    /// <summary>Side of the square that <c>images</c> cuts from the middle of a file before it is resized, in pixels.</summary>
    /// <value>Default 0, which means the largest there is.</value>
    public int Crop { get; set; }

    /// <summary>What <c>images</c> does with a file that it cannot use.</summary>
    /// <value>Default <see cref="BadFileAction.Fail"/>.</value>
    public BadFileAction BadFiles { get; set; } = BadFileAction.Fail;

    /// <summary>What the axes of the array are that <c>npy</c> reads.</summary>
    /// <value>Default <see cref="ArrayLayoutKind.Auto"/>.</value>
    public ArrayLayoutKind Layout { get; set; } = ArrayLayoutKind.Auto;

    /// <summary>The array of an archive that holds the examples.</summary>
    /// <value>Default none: the only one that can be meant.</value>
    public string? Array { get; set; }

    /// <summary>How values become zeros and ones.</summary>
    /// <value>Default <see cref="BinarizationKind.None"/>.</value>
    public BinarizationKind Binarize { get; set; } = BinarizationKind.None;

    /// <summary>The value above which <c>threshold</c> makes a one.</summary>
    /// <value>Default 0.5.</value>
    public double Threshold { get; set; } = 0.5;
}

/// <summary>Which image files of a folder the <c>idx</c> source reads.</summary>
public enum IdxFiles
{
    /// <summary>The train file, or the test file where that is the only one.</summary>
    First,

    /// <summary>The train file and behind it the test file, so that the published test set can be held out.</summary>
    All,
}

/// <summary>What happens to a file of a folder that cannot be used.</summary>
public enum BadFileAction
{
    /// <summary>The data are refused, and the files named.</summary>
    Fail,

    /// <summary>It is left out, and named in the log.</summary>
    Skip,
}

/// <summary>What the axes of an array are: N examples, C channels, H rows, W columns, D values.</summary>
public enum ArrayLayoutKind
{
    /// <summary>Derived from the shape, where only one reading makes sense.</summary>
    Auto,

    /// <summary>Grey images.</summary>
    Nhw,

    /// <summary>Channels last.</summary>
    Nhwc,

    /// <summary>Channels first.</summary>
    Nchw,

    /// <summary>Vectors; those whose length is a square are grey images.</summary>
    Nd,
}

/// <summary>How values in [0, 1] become zeros and ones.</summary>
public enum BinarizationKind
{
    /// <summary>They do not.</summary>
    None,

    /// <summary>1 above the threshold.</summary>
    Threshold,

    /// <summary>Drawn once, 1 with the value as its probability.</summary>
    Static,

    /// <summary>The same, drawn anew in each epoch for what trains.</summary>
    Dynamic,
}
