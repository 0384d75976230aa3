using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Silo.Services;
using VaeCluster.Training.Inference;

namespace VaeCluster.Silo.Tests;

/// <summary>docs/limits.md has every limit as the code has it.</summary>
public sealed class LimitsPageTests
{
    private static readonly (string What, FormattableString Limit)[] Rows =
    [
        ("characters of a spec", $"{SpecLimits.TextLengthMax}"),
        ("levels of mappings and lists", $"{SpecLimits.DepthMax}"),
        ("keys of a spec", $"{SpecLimits.KeysMax}"),
        ("characters of a key", $"{SpecLimits.KeyLengthMax}"),
        ("overrides of a spec (`--set`)", $"{SpecLimits.OverridesMax}"),
        ("characters of an override", $"{SpecLimits.OverrideLengthMax}"),
        ("characters of a path or of the name of an array", $"{SpecLimits.PathLengthMax}"),
        ("errors that are reported", $"{SpecLimits.ErrorsMax}"),
        ("memory of all data of a silo", $"`--data-memory`, by default {DataLimits.DefaultMemoryShare * 100} % of what the process may have"),
        ("files and folders that are listed", $"{DataLimits.ListedFilesMax}"),
        ("levels of folders", $"{DataLimits.FolderDepthMax}"),
        ("characters of an array's header", $"{DataLimits.ArrayHeaderLengthMax}"),
        ("axes of an array", $"{DataLimits.ArrayAxesMax}"),
        ("arrays of an archive", $"{DataLimits.ArchiveEntriesMax}"),
        ("bytes of an archive's list of entries", $"{DataLimits.ArchiveListBytesMax}"),
        ("factors of an example", $"{DataLimits.FactorsMax}"),
        ($"content to compressed form, above {DataLimits.ExpansionFreeBytes} bytes", $"{DataLimits.ExpansionMax} times"),
        ("pixels of an image file", $"{DataLimits.ImagePixelsMax}"),
        ("bytes of an image file", $"{DataLimits.ImageFileBytesMax}"),
        ("images that a process decodes at once", $"{DataLimits.DecodersMax}, of those above {DataLimits.LargeImagePixels} pixels {DataLimits.LargeDecodersMax}"),
        ("data sets that submissions open at once, per silo", $"{DataLimits.OpeningsMax}"),
        ("seconds without progress, while a submission reads its data", $"{DataLimits.StallTimeout.TotalSeconds}"),
        ("bytes of a request", $"{ApiLimits.RequestBytesMax}"),
        ("connections to the API and HTTP ports, per silo", $"{ApiLimits.ConnectionsMax}"),
        ("streams at once, per silo: watched runs, followed logs, downloads, plots, evaluations, health, reflection", $"{ApiLimits.StreamsMax}"),
        ("runs of a page of a list", $"{ApiLimits.PageSizeMax}, by default {ApiLimits.DefaultPageSize}"),
        ("files of a run that are listed", $"{ApiLimits.ArtifactsMax}"),
        ("characters of an error", $"{ApiLimits.ErrorLengthMax}"),
        ("requests for trained models that wait, per silo", $"{InferenceWorker.WaitingMax}"),
        ("samples of one call", $"{ModelBounds.SamplesMax}"),
        ("seconds that calls go on after a request to stop", $"{ApiLimits.StopGrace.TotalSeconds}"),
    ];

    [Fact]
    public void Page_HasEveryLimit_AsTheCodeHasIt()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "limits.md"));

        Assert.All(Rows, row => Assert.Contains(FormattableString.Invariant($"\n| {row.What} | {FormattableString.Invariant(row.Limit)} |"), page, StringComparison.Ordinal));
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "VaeCluster.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds VaeCluster.sln.");
        return folder.FullName;
    }
}
