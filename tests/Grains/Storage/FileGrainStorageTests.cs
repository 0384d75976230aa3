using Microsoft.Extensions.Options;
using Orleans.Storage;
using VaeCluster.Contracts;
using VaeCluster.Grains.Cluster;
using VaeCluster.Grains.Storage;

namespace VaeCluster.Grains.Tests.Storage;

public sealed class FileGrainStorageTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("storage-").FullName;
    private readonly FileGrainStorage _storage;
    private readonly GrainId _grain = GrainId.Create("registry", "0");

    public FileGrainStorageTests()
    {
        var options = Options.Create(new DataDirectoryOptions { Path = _root });
        _storage = new FileGrainStorage(new RunFiles(options), options);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Read_OfWhatWasWritten_BringsItBack()
    {
        var written = new GrainState<RunRegistryState> { State = new() { NextNumber = 7, Runs = [new() { RunId = "a-1" }] } };
        await _storage.WriteStateAsync("cluster", _grain, written);
        var read = new GrainState<RunRegistryState> { State = new() };

        await _storage.ReadStateAsync("cluster", _grain, read);

        Assert.True(read.RecordExists);
        Assert.Equal(written.ETag, read.ETag);
        Assert.Equal(7, read.State.NextNumber);
        Assert.Equal("a-1", Assert.Single(read.State.Runs).RunId);
    }

    [Fact]
    public async Task Read_OfNothing_SaysSo_AndForgetsWhatWasInMemory()
    {
        var state = new GrainState<RunRegistryState> { State = new() { NextNumber = 3 } };

        await _storage.ReadStateAsync("cluster", _grain, state);

        Assert.False(state.RecordExists);
        Assert.Equal(1, state.State.NextNumber);
    }

    [Theory]
    [InlineData("{\"nextNumber\": 7}", "states no format version")]
    [InlineData("{\"formatVersion\": 2, \"state\": {}}", "has format version 2")]
    public async Task Read_OfAnotherFormatVersion_SaysWhichIsRead(string content, string found)
    {
        var path = Path.Combine(_root, "grains", "cluster", "0.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);

        var e = await Assert.ThrowsAsync<FormatVersionException>(() => _storage.ReadStateAsync("cluster", _grain, new GrainState<RunRegistryState> { State = new() }));

        Assert.Equal($"{path} {found}; this build reads version 1. Use the build that wrote the file, or submit the run again.", e.Message);
    }

    [Fact]
    public async Task Write_OverWhatAnotherWrote_IsRefusedAndChangesNothing()
    {
        var first = new GrainState<RunRegistryState> { State = new() { NextNumber = 1 } };
        await _storage.WriteStateAsync("cluster", _grain, first);
        var stale = new GrainState<RunRegistryState> { State = new() { NextNumber = 99 } };

        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("cluster", _grain, stale));

        var read = new GrainState<RunRegistryState> { State = new() };
        await _storage.ReadStateAsync("cluster", _grain, read);
        Assert.Equal(1, read.State.NextNumber);
    }

    [Fact]
    public async Task Write_OfManyActivationsAtOnce_LetsOneThrough_AndLeavesNoPartOfAnother()
    {
        var states = Enumerable.Range(1, 20).Select(number => new GrainState<RunRegistryState> { State = new() { NextNumber = number } }).ToList();

        var writes = await Task.WhenAll(states.Select(state => Task.Run(async () =>
        {
            try
            {
                await _storage.WriteStateAsync("cluster", _grain, state);
                return state.State!.NextNumber;
            }
            catch (InconsistentStateException)
            {
                return 0;
            }
        })));

        var read = new GrainState<RunRegistryState> { State = new() };
        await _storage.ReadStateAsync("cluster", _grain, read);
        Assert.Equal(read.State.NextNumber, Assert.Single(writes, number => number > 0));
        Assert.Equal(["0.json", "0.json.lock"], Directory.EnumerateFiles(Path.Combine(_root, "grains", "cluster")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Clear_RemovesTheFile()
    {
        var state = new GrainState<RunRegistryState> { State = new() };
        await _storage.WriteStateAsync("cluster", _grain, state);

        await _storage.ClearStateAsync("cluster", _grain, state);

        Assert.False(state.RecordExists);
        Assert.False(File.Exists(Path.Combine(_root, "grains", "cluster", "0.json")));
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("a/b")]
    [InlineData("")]
    public void Folder_OfWhatIsNotARunId_IsRefused(string runId) =>
        Assert.ThrowsAny<ArgumentException>(() => new RunFiles(Options.Create(new DataDirectoryOptions { Path = _root })).Folder(runId));
}
