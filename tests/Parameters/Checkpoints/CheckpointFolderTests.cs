using System.Diagnostics;
using System.Security.Cryptography;
using VaeCluster.Contracts;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Store;
using VaeCluster.Tests.Parameters.Store;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Parameters.Checkpoints;

public sealed class CheckpointFolderTests : IDisposable
{
    private static readonly DataDescription Data = ASpec.Data(train: 16);

    private readonly TemporaryFolder _temporary = new();

    private string Root => Path.Combine(_temporary.Path, "checkpoints");

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData("optimizer.kind=adam")]
    [InlineData("optimizer.kind=sgd;optimizer.momentum=0.9")]
    public void Read_AfterAnyStep_GoesOnToTheSameBits(string settings)
    {
        var undisturbed = Store(settings);
        while (!undisturbed.Store.IsFinished)
            Step(undisturbed.Store, undisturbed);
        for (var lostAt = 0; lostAt < undisturbed.Store.StepCount; lostAt++)
        {
            var first = Store(settings);
            for (var step = 0; step < lostAt; step++)
                Step(first.Store, first);
            var folder = Folder(first);
            folder.Write(first.Store.Capture(0), keep: 1);
            // What happens after the capture must not be in it.
            Step(first.Store, first);

            var checkpoint = folder.ReadNewest([]);

            var second = new ParameterStore(first.Spec, Data, first.Store.Layout, checkpoint!);
            Assert.Equal(lostAt, second.Step);
            while (!second.IsFinished)
                Step(second, first);
            Assert.Equal(undisturbed.Hash, second.AcquireWeights().ToSha256());
        }
    }

    [Fact]
    public void Write_MoreThanAreKept_KeepsTheNewest()
    {
        var test = Store();
        var folder = Folder(test);
        for (var step = 1; step <= 5; step++)
        {
            Step(test.Store, test);
            folder.Write(test.Store.Capture(0), keep: 3);
        }

        Assert.Equal([5, 4, 3], folder.Steps());
        Assert.Equal(["3", "4", "5"], Directory.EnumerateFileSystemEntries(Root).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Write_OfAStepThatIsThere_ReplacesIt()
    {
        var test = Store();
        Step(test.Store, test);
        var folder = Folder(test);
        folder.Write(test.Store.Capture(0), keep: 2);
        File.WriteAllText(Path.Combine(Root, "1", "model.safetensors"), "damaged");

        folder.Write(test.Store.Capture(0), keep: 2);

        Assert.Equal(1, folder.ReadNewest([])!.State.Step);
        Assert.Equal(["1"], Directory.EnumerateFileSystemEntries(Root).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("optimizer.safetensors")]
    [InlineData("state.json")]
    [InlineData("SHA256SUMS")]
    public void ReadNewest_OneBitOfTheNewestIsFlipped_NamesItAndTakesTheOneBefore(string file)
    {
        var folder = TwoCheckpoints();
        var path = Path.Combine(Root, "2", file);
        var content = File.ReadAllBytes(path);
        content[content.Length / 3] ^= 1;
        File.WriteAllBytes(path, content);
        var damaged = new List<string>();

        var checkpoint = folder.ReadNewest(damaged);

        Assert.Equal(1, checkpoint!.State.Step);
        Assert.StartsWith("The checkpoint of step 2 is damaged and was skipped: ", Assert.Single(damaged));
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("optimizer.safetensors")]
    [InlineData("state.json")]
    [InlineData("SHA256SUMS")]
    public void ReadNewest_AFileOfTheNewestIsCutOrGone_TakesTheOneBefore(string file)
    {
        var folder = TwoCheckpoints();
        var path = Path.Combine(Root, "2", file);
        using (var stream = File.OpenWrite(path))
            stream.SetLength(stream.Length / 2);
        var damaged = new List<string>();
        Assert.Equal(1, folder.ReadNewest(damaged)!.State.Step);
        Assert.Single(damaged);

        File.Delete(path);
        damaged.Clear();
        Assert.Equal(1, folder.ReadNewest(damaged)!.State.Step);
        Assert.Contains(file, Assert.Single(damaged));
    }

    [Fact]
    public void ReadNewest_AllDamaged_IsNothing()
    {
        var folder = TwoCheckpoints();
        foreach (var file in Directory.EnumerateFiles(Root, "model.safetensors", SearchOption.AllDirectories))
            File.WriteAllText(file, "");
        var damaged = new List<string>();

        Assert.Null(folder.ReadNewest(damaged));
        Assert.Equal(2, damaged.Count);
    }

    [Fact]
    public void ReadNewest_OfARunWithOtherData_IsRefused()
    {
        var test = Store();
        Folder(test).Write(test.Store.Capture(0), keep: 1);
        var damaged = new List<string>();

        var other = new CheckpointFolder(Root, Plan(test) with { Data = Data with { Sha256 = new string('1', 64) } }, test.Spec, test.Store.Layout).ReadNewest(damaged);

        Assert.Null(other);
        Assert.Contains("with another spec or other data", Assert.Single(damaged));
    }

    [Theory]
    [InlineData("\"formatVersion\": 7", "has format version 7")]
    [InlineData("\"format\": 1", "states no format version")]
    public void ReadNewest_OfAnotherFormatVersion_IsRefused_AndNotPassedOver(string stated, string found)
    {
        var folder = TwoCheckpoints();
        Change("2", "\"formatVersion\": 1", stated);

        var e = Assert.Throws<FormatVersionException>(() => folder.ReadNewest([]));

        Assert.Equal($"state.json {found}; this build reads version 1. Use the build that wrote the file, or submit the run again.", e.Message);
        Assert.Equal(e.Message, Assert.Throws<FormatVersionException>(() => CheckpointFolder.WeightsSha256Of(Root, 2)).Message);
    }

    [Fact]
    public void Read_BringsTheRecordsBack()
    {
        var test = Store();
        Step(test.Store, test);
        Step(test.Store, test);
        Folder(test).Write(test.Store.Capture(writtenStep: 1), keep: 1);

        var record = Assert.Single(Folder(test).ReadNewest([])!.Records);

        var expected = Assert.Single(test.Store.History.After(1));
        Assert.Equal(2, record.Step);
        Assert.Equal(expected.Blocks, record.Blocks);
        Assert.Equal(expected with { Blocks = [] }, record with { Blocks = [] });
    }

    [Fact]
    public void Clean_RemovesWhatWasLeftHalfDone()
    {
        var folder = TwoCheckpoints();
        Directory.CreateDirectory(Path.Combine(Root, "3-0123.partial"));

        folder.Clean();

        Assert.Equal(["1", "2"], Directory.EnumerateFileSystemEntries(Root).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Write_MakesSumsThatTheCommonToolReads()
    {
        TwoCheckpoints();
        using var check = Process.Start(new ProcessStartInfo("sha256sum", "-c --quiet --strict SHA256SUMS") { WorkingDirectory = Path.Combine(Root, "2") })!;

        await check.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, check.ExitCode);
    }

    /// <summary>Changes <c>state.json</c> of a step, and its sum with it.</summary>
    private void Change(string step, string before, string after)
    {
        var (path, sums) = (Path.Combine(Root, step, "state.json"), Path.Combine(Root, step, "SHA256SUMS"));
        var text = File.ReadAllText(path);
        Assert.Contains(before, text, StringComparison.Ordinal);
        var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
        File.WriteAllText(path, text.Replace(before, after, StringComparison.Ordinal));
        File.WriteAllText(sums, File.ReadAllText(sums).Replace(hash, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), StringComparison.Ordinal));
    }

    private CheckpointFolder TwoCheckpoints()
    {
        var test = Store();
        var folder = Folder(test);
        for (var step = 1; step <= 2; step++)
        {
            Step(test.Store, test);
            folder.Write(test.Store.Capture(0), keep: 3);
        }
        return folder;
    }

    private static StoreUnderTest Store(string settings = "optimizer.kind=adam") =>
        new(StoreUnderTest.Layout(1000, buffers: 7), 2, settings.Split(';'));

    private CheckpointFolder Folder(StoreUnderTest test) => new(Root, Plan(test), test.Spec, test.Store.Layout);

    private static RunPlan Plan(StoreUnderTest test) => new() { RunId = "run-1", SpecJson = RunSpecReader.Write(test.Spec), Data = Data };

    private static void Step(ParameterStore store, StoreUnderTest gradients)
    {
        var step = store.Step;
        for (var shard = 0; shard < gradients.Shards; shard++)
            Assert.Equal(PushOutcome.Accepted, store.Offer(gradients.Leaf(step, shard)).Outcome);
        Assert.NotNull(store.TryApplyStep().Record);
    }
}
