using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Grains.Runs;

/// <summary>
/// The state of a run: on disk, and as a snapshot for everybody who asks. A change is written first and published after; one that cannot be written
/// is rolled back.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to dispose of.")]
internal sealed class RunStateStore
{
    private readonly string _runId;
    private readonly IPersistentState<RunState> _state;
    private readonly TimeProvider _time;

    /// <summary>One change at a time: Cancel and Pause come while a pass is under way.</summary>
    private readonly SemaphoreSlim _writing = new(1, 1);

    private readonly AsyncSignal _published = new();

    /// <summary>Why nothing can be written; empty while it can. It cannot be written itself, so it is only published.</summary>
    private string _storageError = "";

    private long _version;

    public RunStateStore(string runId, IPersistentState<RunState> state, TimeProvider time)
    {
        _runId = runId;
        _state = state;
        _time = time;
        // Versions must rise over the loss of a silo too, so they start from the clock.
        _version = time.GetUtcNow().ToUnixTimeMilliseconds() << 10;
        if (state.RecordExists)
            Publish();
    }

    /// <summary>The state as it was written last, except for the progress, which may be ahead of the disk.</summary>
    public RunState State => _state.State;

    /// <summary>The devices that train, as <c>silo/device</c>; memory only.</summary>
    public ImmutableArray<string> Devices { get; private set; } = [];

    /// <summary>The run as it was published last; null before it is submitted.</summary>
    public RunSnapshot? Snapshot { get; private set; }

    /// <summary>Completes when the next snapshot is published.</summary>
    public Task NextSnapshot => _published.Next;

    /// <summary>A condition that begins now.</summary>
    public RunCondition Condition(string reason, string message) => new(reason, message, _time.GetUtcNow());

    /// <summary>Changes the state of a run that is active, writes it, and publishes it.</summary>
    /// <param name="change">Changes the state.</param>
    /// <param name="devices">The devices that train from now on; null leaves them as they are.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled or paused meanwhile.</exception>
    public async Task ChangeAsync(Action<RunState> change, ImmutableArray<string>? devices = null)
    {
        var isActive = await TryWriteAsync(RunPhaseExtensions.IsActive, change, devices);
        if (!isActive)
            throw new OperationCanceledException($"Run {_runId} has ended or was paused meanwhile.");
    }

    /// <summary>Adds a condition to a run that is active.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled or paused meanwhile.</exception>
    public Task AddConditionAsync(string reason, string message) => ChangeAsync(state => state.Conditions.Add(Condition(reason, message)));

    /// <summary>Changes the state where its phase allows that, writes it, and publishes it.</summary>
    /// <returns>Whether the phase allowed it.</returns>
    public async Task<bool> TryWriteAsync(Func<RunPhase, bool> isAllowed, Action<RunState> change, ImmutableArray<string>? devices = null)
    {
        await _writing.WaitAsync();
        try
        {
            if (!isAllowed(State.Phase))
                return false;
            change(State);
            RunConditions.Limit(State.Conditions);
            try
            {
                await _state.WriteStateAsync();
            }
            catch
            {
                // Memory must not stay ahead of the disk.
                await _state.ReadStateAsync();
                throw;
            }
            _storageError = "";
            Devices = devices ?? Devices;
            Publish();
            return true;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Publishes the progress without writing it; it is written with the next change.</summary>
    public void PublishProgress(RunProgress progress)
    {
        State.Progress = progress;
        Publish();
    }

    /// <summary>Publishes that nothing can be written just now.</summary>
    public void PublishStorageError(string message)
    {
        _storageError = message;
        Publish();
    }

    private void Publish()
    {
        var snapshot = SnapshotOf(_runId, ++_version, State) with { Devices = Devices };
        Snapshot = _storageError.Length == 0
            ? snapshot
            : snapshot with { Conditions = [.. snapshot.Conditions, Condition(RunReasons.StorageUnavailable, _storageError)] };
        _published.Set();
    }

    /// <summary>What a state says of a run that was submitted; which devices train it is not in it.</summary>
    public static RunSnapshot SnapshotOf(string runId, long version, RunState state) => new()
    {
        RunId = runId,
        Version = version,
        Phase = state.Phase,
        Conditions = [.. state.Conditions],
        SpecJson = state.Plan!.SpecJson,
        Progress = state.Progress,
        Results = state.Results,
        Devices = [],
        SubmittedAt = state.SubmittedAt,
        StartedAt = state.StartedAt,
        EndedAt = state.EndedAt,
        ParameterCount = state.ParameterCount,
        Data = state.Plan.Data,
        Origin = state.Plan.Origin,
    };
}
