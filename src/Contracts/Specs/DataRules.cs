using System.Globalization;

namespace VaeCluster.Contracts.Specs;

/// <summary>The rules that tie the fields of <c>data</c> to its source.</summary>
internal static class DataRules
{
    /// <summary>Values in one example as far as the spec alone determines them; 0 when that takes the files.</summary>
    public static int ValuesOf(DataSpec data) => SpecKinds.SourceOf(data).IsResizable ? data.Channels * data.ImageSize * data.ImageSize : 0;

    public static void Check(DataSpec data, List<SpecError> errors)
    {
        var source = SpecKinds.SourceOf(data);
        CheckPath(source, data, errors);
        OnlyWhereUsed(source, data.Crop != 0, "data.crop", $"{data.Crop}", errors);
        OnlyWhereUsed(source, data.BadFiles != BadFileAction.Fail, "data.badFiles", SpecNames.Of(data.BadFiles), errors);
        OnlyWhereUsed(source, data.Layout != ArrayLayoutKind.Auto, "data.layout", SpecNames.Of(data.Layout), errors);
        OnlyWhereUsed(source, data.Array is not null, "data.array", data.Array ?? "", errors);
        OnlyWhereUsed(source, data.Files != IdxFiles.First, "data.files", SpecNames.Of(data.Files), errors);
        if (data.Threshold != new DataSpec().Threshold && data.Binarize != BinarizationKind.Threshold)
            errors.Add(new(
                "data.threshold",
                string.Create(CultureInfo.InvariantCulture,
                    $"data.threshold is {data.Threshold}, but data.binarize is {SpecNames.Of(data.Binarize)} and only threshold uses it."),
                "Leave data.threshold out, or set data.binarize to threshold."));
        errors.AddRange(source.Check(data));
    }

    private static void CheckPath(DataSourceKind source, DataSpec data, List<SpecError> errors)
    {
        if (source.PathMeaning is { } meaning && data.Path is null)
            errors.Add(new(
                "data.path",
                $"data.path is not given; the source {source.Name} needs the path of its files.",
                $"Set it to {meaning}."));
        if (source.PathMeaning is null && data.Path is not null)
            errors.Add(new(
                "data.path",
                $"data.path is {data.Path}, but the source {source.Name} reads no files.",
                $"Leave data.path out, or set data.source to {Names(other => other.PathMeaning is not null)}."));
    }

    /// <summary>A field that would change nothing is a mistake somewhere: in the field or in the source.</summary>
    private static void OnlyWhereUsed(DataSourceKind source, bool isGiven, string path, string value, List<SpecError> errors)
    {
        if (!isGiven || source.Fields.Contains(path))
            return;
        var users = Names(other => other.Fields.Contains(path));
        errors.Add(new(
            path,
            $"{path} is {value}, but data.source is {source.Name} and only {users} uses it.",
            $"Leave {path} out, or set data.source to {users}."));
    }

    /// <summary>The names of some sources, e.g. <c>idx, images or npy</c>.</summary>
    private static string Names(Func<DataSourceKind, bool> which)
    {
        string[] names = [.. SpecKinds.Sources.All.Where(which).Select(kind => kind.Name)];
        return names.Length < 2 ? string.Concat(names) : $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }
}
