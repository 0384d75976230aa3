using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Store;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>
/// Writes a run's checkpoints while it trains, one at a time. Training waits only for the copy of the optimizer's state; one that cannot be
/// written is reported and tried again when the next is due, and the run continues.
/// </summary>
internal sealed partial class CheckpointWriter
{
    private readonly ParameterStore _store;
    private readonly CheckpointFolder _folder;
    private readonly CheckpointSpec _spec;
    private readonly CheckpointInterval _interval;
    private readonly TimeProvider _time;
    private readonly ParameterServerInstruments _instruments;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private Task _writing = Task.CompletedTask;
    private long _begunAt;

    /// <summary>The step of the newest checkpoint that was begun, whatever became of it.</summary>
    private long _begunStep;

    /// <summary>A writer that goes on after the checkpoint of a step; -1 when there is none.</summary>
    public CheckpointWriter(
        ParameterStore store,
        CheckpointFolder folder,
        CheckpointSpec spec,
        long latestStep,
        TimeProvider time,
        ParameterServerInstruments instruments,
        ILogger logger)
    {
        (_store, _folder, _spec, _time, _instruments, _logger) = (store, folder, spec, time, instruments, logger);
        (_interval, _begunAt) = (CheckpointInterval.Parse(spec.Every), time.GetTimestamp());
        (_begunStep, LatestStep) = (latestStep, latestStep);
        store.CheckpointDue = WhenDue;
    }

    /// <summary>Captures the whole training state with the records after a step; null where a partition does not hand its part over.</summary>
    public Func<long, Task<Checkpoint?>> CaptureAsync { get; set; } = _ => Task.FromResult<Checkpoint?>(null);

    /// <summary>The step of the newest one that is written; -1 before the first.</summary>
    public long LatestStep { get; private set; }

    /// <summary>Why the last one could not be written; empty when it could.</summary>
    public string Error { get; private set; } = "";

    /// <summary>The last step whose record the run has written down. A checkpoint carries the records after it, so that a loss of both leaves no gap.</summary>
    public long WrittenStep { get; set; }

    /// <summary>Writes a checkpoint that was due.</summary>
    public void Write(Checkpoint checkpoint)
    {
        lock (_gate)
            Begin(checkpoint);
    }

    /// <summary>Writes what there is now, if it is not written yet, after the one that is under way.</summary>
    public async Task FlushAsync()
    {
        // Not under the gate: a step that is being applied holds the store and asks for the gate.
        if (IsBehind())
        {
            if (await CaptureAsync(WrittenStep) is { } checkpoint)
                Write(checkpoint);
            else
                Error = $"The checkpoint of step {_store.Step} could not be written: a partition of the parameter server is lost.";
        }
        Task writing;
        lock (_gate)
            writing = _writing;
        await writing;
    }

    private bool IsBehind()
    {
        lock (_gate)
            return _store.Step > Math.Max(0, _writing.IsCompleted ? LatestStep : _begunStep);
    }

    private long? WhenDue(long step)
    {
        lock (_gate)
        {
            // The last step is always kept, after the one that is being written: what comes after it (evaluation, plots) may be lost and done again.
            var isDue = step == _store.StepCount || (_writing.IsCompleted && _interval.IsDue(step, _time.GetElapsedTime(_begunAt)));
            if (isDue)
                _begunAt = _time.GetTimestamp();
            return isDue ? WrittenStep : null;
        }
    }

    /// <summary>One after the other: they share a folder, and the newer one must be the last to clean up.</summary>
    private void Begin(Checkpoint checkpoint)
    {
        _begunAt = _time.GetTimestamp();
        _begunStep = checkpoint.State.Step;
        _writing = WriteAfterAsync(_writing, checkpoint);
    }

    private async Task WriteAfterAsync(Task before, Checkpoint checkpoint)
    {
        await before;
        await Task.Run(() => WriteFolder(checkpoint));
    }

    private void WriteFolder(Checkpoint checkpoint)
    {
        var step = checkpoint.State.Step;
        try
        {
            _folder.Write(checkpoint, _spec.Keep);
            (LatestStep, Error) = (step, "");
            _instruments.OnCheckpoint(_time.GetElapsedTime(_begunAt).TotalSeconds);
            LogWritten(step, _time.GetElapsedTime(_begunAt).TotalSeconds);
        }
        catch (Exception e)
        {
            // A full disk, or whatever else it is, must not stop the training; the run reports it, and the earlier checkpoints stay.
            Error = $"The checkpoint of step {step} could not be written: {e.Message}";
            _instruments.OnCheckpointFailed();
            LogNotWritten(e, step);
        }
    }

    [LoggerMessage(20, LogLevel.Information, "The checkpoint of step {Step} was written in {Seconds:F2} s.")]
    private partial void LogWritten(long step, double seconds);

    [LoggerMessage(21, LogLevel.Warning, "The checkpoint of step {Step} could not be written; training continues.")]
    private partial void LogNotWritten(Exception e, long step);
}
