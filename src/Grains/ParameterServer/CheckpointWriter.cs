using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Parameters;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>
/// Writes a run's checkpoints while it trains, one at a time. Training waits only for the copy of the optimizer's state; one that cannot be
/// written is told of and tried again when the next is due, and the run goes on.
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

    public CheckpointWriter(ParameterStore store, CheckpointFolder folder, CheckpointSpec spec, TimeProvider time, ParameterServerInstruments instruments, ILogger logger)
    {
        (_store, _folder, _spec, _time, _instruments, _logger) = (store, folder, spec, time, instruments, logger);
        (_interval, _begunAt) = (CheckpointInterval.Parse(spec.Every), time.GetTimestamp());
    }

    /// <summary>The step of the newest one; -1 before the first.</summary>
    public long LatestStep { get; set; } = -1;

    /// <summary>Why the last one could not be written; empty when it could.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>To be told of each applied step, with what the run has not written down of the steps so far.</summary>
    public void OnStep(long step, Func<ImmutableArray<StepRecord>> records)
    {
        lock (_gate)
        {
            // The last step is always kept: what comes after it (judging, pictures) may be lost and done again.
            if (!_writing.IsCompleted || !(step == _store.StepCount || _interval.IsDue(step, _time.GetElapsedTime(_begunAt))))
                return;
            Begin(records());
        }
    }

    /// <summary>Writes what there is now, after the one that is under way.</summary>
    public async Task FlushAsync(ImmutableArray<StepRecord> records)
    {
        await _writing;
        if (_store.Step <= Math.Max(0, LatestStep))
            return;
        lock (_gate)
            Begin(records);
        await _writing;
    }

    private void Begin(ImmutableArray<StepRecord> records)
    {
        _begunAt = _time.GetTimestamp();
        var state = _store.Capture();
        _writing = Task.Run(() => Write(state, [.. records.Where(record => record.Step <= state.Step)]));
    }

    private void Write(TrainingState state, ImmutableArray<StepRecord> records)
    {
        try
        {
            _folder.Write(state, records, _spec.Keep);
            (LatestStep, Fault) = (state.Step, "");
            _instruments.OnCheckpoint(_time.GetElapsedTime(_begunAt).TotalSeconds);
            LogWritten(state.Step, _time.GetElapsedTime(_begunAt).TotalSeconds);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk must not stop the training; the run tells its owner, and the checkpoints before stay.
            Fault = $"The checkpoint of step {state.Step} could not be written: {e.Message}";
            _instruments.OnCheckpointFailed();
            LogNotWritten(e, state.Step);
        }
    }

    [LoggerMessage(20, LogLevel.Information, "The checkpoint of step {Step} is written, after {Seconds:F2} s.")]
    private partial void LogWritten(long step, double seconds);

    [LoggerMessage(21, LogLevel.Warning, "The checkpoint of step {Step} could not be written; training goes on.")]
    private partial void LogNotWritten(Exception e, long step);
}
