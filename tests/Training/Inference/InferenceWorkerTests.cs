using VaeCluster.Tests.Support;
using VaeCluster.Training.Inference;

namespace VaeCluster.Tests.Training.Inference;

public sealed class InferenceWorkerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Use_OfTheSameWeights_OpensThemOnce()
    {
        await using var worker = new InferenceWorker();
        var source = AModel.WriteTo(_folder);

        var first = await worker.AskAsync(source, model => model);
        var second = await worker.AskAsync(source, model => model);

        Assert.Same(first, second);
        Assert.Equal(3, first.Latent);
    }

    [Fact]
    public async Task Use_OfWeightsWithAnInnerState_ReadsTheModelBeforeIt()
    {
        await using var worker = new InferenceWorker();
        var plain = await worker.AskAsync(AModel.WriteTo(_folder), model => model.Decode([1, -1, 0.5f]));
        using var other = new TemporaryFolder();

        var source = AModel.WriteTo(other, "training.localSteps=2");
        var withState = await worker.AskAsync(source, model => model.Decode([1, -1, 0.5f]));

        Assert.Equal(plain, withState);
        Assert.True(new FileInfo(source.Path).Length > 2 * new FileInfo(Path.Combine(_folder.Path, "model.safetensors")).Length, "The file has no state.");
    }

    [Fact]
    public async Task Use_OfDamagedWeights_IsRefused_AndSaysWhatWasWritten()
    {
        await using var worker = new InferenceWorker();
        var source = AModel.WriteTo(_folder);
        var bytes = await File.ReadAllBytesAsync(source.Path, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(source.Path, bytes, TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => worker.AskAsync(source, model => model.Latent));

        Assert.Contains($"the run wrote {source.WeightsSha256}. The file was damaged after it was written.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Use_WhenTooManyWait_IsRefused_AndServesAgainLater()
    {
        await using var worker = new InferenceWorker();
        var source = AModel.WriteTo(_folder);
        using var gate = new ManualResetEventSlim();
        var waiting = Enumerable.Range(0, InferenceWorker.WaitingMax).Select(_ => worker.AskAsync(source, model =>
        {
            gate.Wait(TestContext.Current.CancellationToken);
            return model.Latent;
        })).ToList();

        var refused = await Assert.ThrowsAsync<InferenceBusyException>(() => worker.AskAsync(source, model => model.Latent));
        gate.Set();
        await Task.WhenAll(waiting);

        Assert.StartsWith("32 requests for trained models already wait on this silo.", refused.Message, StringComparison.Ordinal);
        Assert.Equal(3, await worker.AskAsync(source, model => model.Latent));
    }

    [Fact]
    public async Task Encode_OfAnExample_IsTheSameAloneAndAmongOthers()
    {
        await using var worker = new InferenceWorker();

        var (all, one) = await worker.AskAsync(AModel.WriteTo(_folder), model =>
            (model.EncodeExamples(ExampleSplit.HeldOut, 0, 100), model.Encode(model.Examples(ExampleSplit.HeldOut, 4, 1).Pixels)));

        Assert.Equal(20, all.Count);
        Assert.Equal(60, all.Posterior.Mean.Length);
        Assert.Equal(20, all.Labels!.Length);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(all.Posterior.Mean[12 + i], one.Mean[i], 1e-5f);
            Assert.Equal(all.Posterior.LogVariance[12 + i], one.LogVariance[i], 1e-5f);
        }
    }

    [Theory]
    [InlineData(ExampleSplit.HeldOut, 20, "Example 20 is requested, but run 'tested-1' has 20 held-out examples, 0 to 19. Choose one of them, or the other split.")]
    [InlineData(ExampleSplit.Train, -1, "Example -1 is requested, but run 'tested-1' has 40 training examples, 0 to 39. Choose one of them, or the other split.")]
    public async Task Examples_ThatAreNotThere_AreRefused(ExampleSplit split, int first, string message)
    {
        await using var worker = new InferenceWorker();

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => worker.AskAsync(AModel.WriteTo(_folder), model => model.Examples(split, first, 1)));

        Assert.Equal(message, refused.Message);
    }
}
