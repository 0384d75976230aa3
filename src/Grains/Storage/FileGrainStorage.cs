using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using VaeCluster.Contracts;
using VaeCluster.Data;

namespace VaeCluster.Grains.Storage;

/// <summary>
/// Grain state as JSON files in the shared data directory: a run's at <c>runs/&lt;run&gt;/run.json</c>, any other at
/// <c>grains/&lt;name&gt;/&lt;key&gt;.json</c>. The etag is the hash of the file's content, so a second activation that writes over
/// what it has not read is noticed. A lock file beside the state makes comparing and writing one step, across silos too.
/// Each file states the version of its format.
/// </summary>
public sealed class FileGrainStorage : IGrainStorage
{
    /// <summary>The name under which grains ask for this storage.</summary>
    public const string Name = "files";

    /// <summary>The name of the state that is a run's.</summary>
    public const string RunStateName = "run";

    /// <summary>Version of the files that this build writes and reads.</summary>
    public const int FormatVersion = 1;

    /// <summary>How long a write waits for another that is under way: a state is some kilobytes.</summary>
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LockRetryPeriod = TimeSpan.FromMilliseconds(10);

    private readonly RunFiles _files;
    private readonly string _root;

    /// <summary>Below the directory that the options name.</summary>
    public FileGrainStorage(RunFiles files, IOptions<DataDirectoryOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_files, _root) = (files, Path.GetFullPath(options.Value.Path));
    }

    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var content = await ReadAsync(PathOf(stateName, grainId));
        if (content is null)
        {
            Reset(grainState);
            return;
        }
        grainState.State = Parse<T>(PathOf(stateName, grainId), content);
        (grainState.RecordExists, grainState.ETag) = (true, ETagOf(content));
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var path = PathOf(stateName, grainId);
        await using var locked = await LockAsync(path);
        await CheckETagAsync(path, grainState.ETag);
        var content = JsonSerializer.SerializeToUtf8Bytes(new StateFile<T>(FormatVersion, grainState.State), JsonForms.Document);
        await AtomicFile.WriteAsync(path, content);
        (grainState.RecordExists, grainState.ETag) = (true, ETagOf(content));
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var path = PathOf(stateName, grainId);
        await using var locked = await LockAsync(path);
        await CheckETagAsync(path, grainState.ETag);
        File.Delete(path);
        Reset(grainState);
    }

    /// <summary>What was in memory and never written must not stay there when a failed write is undone by reading.</summary>
    private static void Reset<T>(IGrainState<T> grainState)
    {
        grainState.State = Activator.CreateInstance<T>();
        (grainState.RecordExists, grainState.ETag) = (false, null!);
    }

    /// <summary>
    /// The lock of a state; it is released when the file is closed, also by the end of the process. The lock file stays: removing it would
    /// race.
    /// </summary>
    private static async Task<FileStream> LockAsync(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
            }
            catch (IOException e) when (FileLocks.IsHeld(e) && TimeProvider.System.GetElapsedTime(start) < LockTimeout)
            {
                await Task.Delay(LockRetryPeriod);
            }
        }
    }

    private string PathOf(string stateName, GrainId grainId)
    {
        var key = grainId.Key.ToString()!;
        return stateName == RunStateName
            ? Path.Combine(_files.Folder(key), "run.json")
            : Path.Combine(_root, "grains", stateName, $"{key}.json");
    }

    private static async Task CheckETagAsync(string path, string? expected)
    {
        var content = await ReadAsync(path);
        var found = content is null ? null : ETagOf(content);
        if (found != expected)
            throw new InconsistentStateException($"{path} was changed by another activation.", found ?? "none", expected ?? "none");
    }

    private static async Task<byte[]?> ReadAsync(string path)
    {
        try
        {
            return await File.ReadAllBytesAsync(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static T Parse<T>(string path, byte[] content)
    {
        var found = JsonSerializer.Deserialize<VersionOnly>(content, JsonForms.Document)?.FormatVersion;
        FormatVersionException.ThrowUnless(path, found?.ToString(CultureInfo.InvariantCulture), FormatVersion);
        var file = JsonSerializer.Deserialize<StateFile<T>>(content, JsonForms.Document);
        return file is { State: { } state }
            ? state
            : throw new InvalidDataException($"{path} has no state. Restore it from a backup, or delete it to drop that state.");
    }

    private static string ETagOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private sealed record VersionOnly(int? FormatVersion);

    private sealed record StateFile<T>(int FormatVersion, T? State);
}
