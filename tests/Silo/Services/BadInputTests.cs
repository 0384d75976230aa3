using Grpc.Core;
using VaeCluster.Contracts.V1;
using VaeCluster.Tests.Support;

namespace VaeCluster.Silo.Tests.Services;

/// <summary>What is refused before a run is made of it, because of its data or of the memory that it would take.</summary>
public sealed class BadInputTests(SiloFixture silo) : IClassFixture<SiloFixture>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vaesilo-images-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Submit_OfImagesThatCannotBeUsed_NamesThem_AndMakesNoRun()
    {
        var valid = PngWriter.Encode(PngWriter.Grey, 20, 20, [.. Enumerable.Range(0, 400).Select(i => (byte)(i * 7))]);
        Write("cut.png", valid[..(valid.Length / 2)]);
        Write("empty.png", []);
        Write("nothing.png", PngWriter.Encode(PngWriter.Grey, 0, 0, []));
        Write("valid.png", valid);

        var refused = await RefusedAsync("data.source=images", $"data.path={_folder}", "data.test=0");

        Assert.Equal((StatusCode.InvalidArgument, $"3 of 4 files in {_folder} cannot be used: cut.png is truncated: a PNG file ends with IEND, and this one does not; empty.png is empty; nothing.png is a damaged PNG file (IncompleteInput). Repair or remove them, or set data.badFiles to skip."), (refused.StatusCode, refused.Detail));
    }

    [Fact]
    public async Task Submit_OfABatchThatWouldNotFit_SaysTheNumbers_AndMakesNoRun()
    {
        var refused = await RefusedAsync("data.count=64", "data.test=4", "data.imageSize=28", "training.batch=65536", "training.shards=2", "objective.samples=5000");

        Assert.Equal((StatusCode.InvalidArgument, "training.batch is 65536 over 2 shards and objective.samples is 5000, so a shard decodes 163840000 images at once, about 490000 MiB a layer; at most 4096 MiB are allowed. Ask for a smaller batch, more shards or fewer samples."), (refused.StatusCode, refused.Detail));
    }

    [Fact]
    public async Task Submit_OfMoreSamplesThanThereMayBe_SaysTheBound_AndMakesNoRun()
    {
        var refused = await RefusedAsync("objective.bound=iwae", "objective.samples=5001");

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.StartsWith("objective.samples is 5001; it must be between 1 and 5000.", refused.Detail, StringComparison.Ordinal);
    }

    private async Task<Status> RefusedAsync(params string[] overrides)
    {
        var request = new SubmitRequest { Spec = "name: bad", Overrides = { overrides } };
        var refused = await Assert.ThrowsAsync<RpcException>(() => silo.Runs.SubmitAsync(request, cancellationToken: Token).ResponseAsync);
        var runs = await silo.Runs.ListAsync(new ListRunsRequest(), cancellationToken: Token);
        Assert.DoesNotContain(runs.Runs, run => run.RunId.StartsWith("bad-", StringComparison.Ordinal));
        return refused.Status;
    }

    private void Write(string name, byte[] content) => File.WriteAllBytes(Path.Combine(_folder, name), content);
}
