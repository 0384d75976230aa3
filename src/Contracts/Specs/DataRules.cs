using System.Globalization;

namespace VaeCluster.Contracts.Specs;

/// <summary>The rules that tie the fields of <c>data</c> to its source.</summary>
internal static class DataRules
{
    /// <summary>Values in one example as far as the spec alone determines them; 0 when that takes the files.</summary>
    public static int ValuesOf(DataSpec data) => data.Source switch
    {
        DataSourceKind.Shapes or DataSourceKind.Images => data.Channels * data.ImageSize * data.ImageSize,
        _ => 0,
    };

    public static void Check(DataSpec data, List<SpecError> errors)
    {
        CheckPath(data, errors);
        OnlyFor(DataSourceKind.Images, data, data.Crop != 0, "data.crop", $"{data.Crop}", errors);
        OnlyFor(DataSourceKind.Images, data, data.BadFiles != BadFileAction.Fail, "data.badFiles", SpecNames.Of(data.BadFiles), errors);
        OnlyFor(DataSourceKind.Npy, data, data.Layout != ArrayLayoutKind.Auto, "data.layout", SpecNames.Of(data.Layout), errors);
        OnlyFor(DataSourceKind.Npy, data, data.Array is not null, "data.array", data.Array!, errors);
        OnlyFor(DataSourceKind.Idx, data, data.Files != IdxFiles.First, "data.files", SpecNames.Of(data.Files), errors);
        if (data.Threshold != new DataSpec().Threshold && data.Binarize != BinarizationKind.Threshold)
            errors.Add(new(
                "data.threshold",
                string.Create(CultureInfo.InvariantCulture,
                    $"data.threshold is {data.Threshold}, but data.binarize is {SpecNames.Of(data.Binarize)} and only threshold uses it."),
                "Leave data.threshold out, or set data.binarize to threshold."));
    }

    private static void CheckPath(DataSpec data, List<SpecError> errors)
    {
        var example = data.Source switch
        {
            DataSourceKind.Idx => "the folder that holds the images file, e.g. --set data.path=/data/mnist",
            DataSourceKind.Images => "the folder that holds the images, e.g. --set data.path=/data/faces",
            DataSourceKind.Npy => "the file, e.g. --set data.path=/data/digits.npz",
            _ => null,
        };
        if (example is not null && data.Path is null)
            errors.Add(new(
                "data.path",
                $"data.path is not given; the source {SpecNames.Of(data.Source)} needs the path of its files.",
                $"Set it to {example}."));
        if (example is null && data.Path is not null)
            errors.Add(new(
                "data.path",
                $"data.path is {data.Path}, but the source shapes is built in and reads no files.",
                "Leave data.path out, or set data.source to idx, images or npy."));
    }

    /// <summary>A field that would change nothing is a mistake somewhere: in the field or in the source.</summary>
    private static void OnlyFor(DataSourceKind source, DataSpec data, bool isGiven, string path, string value, List<SpecError> errors)
    {
        if (isGiven && data.Source != source)
            errors.Add(new(
                path,
                $"{path} is {value}, but data.source is {SpecNames.Of(data.Source)} and only {SpecNames.Of(source)} uses it.",
                $"Leave {path} out, or set data.source to {SpecNames.Of(source)}."));
    }
}
