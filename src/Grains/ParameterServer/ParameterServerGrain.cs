using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Grains.Storage;
using VaeCluster.Training.Models;
using VaeCluster.Training.Parameters;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>
/// The parameter server of one run; the key is the run's id. The weights live in memory only: after a loss the run starts it
/// again and the steps are computed again, to the same bits. It is placed where the run is, which keeps their talk off the wire.
/// The arithmetic runs on the thread pool, off the grain's turns; turns only look at what it came to.
/// </summary>
[PreferLocalPlacement]
public sealed partial class ParameterServerGrain : Grain, IParameterServerGrain
{
    /// <summary>Records that are kept for the run to fetch; it fetches several times a second, so this is minutes' worth.</summary>
    private const int RecordsMax = 8192;

    private readonly RunFiles _files;
    private readonly TimeProvider _time;
    private readonly ParameterServerInstruments _instruments;
    private readonly ILogger<ParameterServerGrain> _logger;
    private readonly Queue<StepRecord> _records = new();
    private readonly Dictionary<long, StepRecord> _early = [];

    // Memory only, lost on deactivation.
    private ParameterStore? _store;
    private RunPlan? _plan;
    private TaskCompletionSource _stepChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastStepAt;
    private long _announcedStep;
    private string _fault = "";

    /// <summary>For the runtime.</summary>
    public ParameterServerGrain(RunFiles files, TimeProvider time, ParameterServerInstruments instruments, ILogger<ParameterServerGrain> logger) =>
        (_files, _time, _instruments, _logger) = (files, time, instruments, logger);

    /// <inheritdoc/>
    public async Task<ParameterServerStatus> StartAsync(RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (_store is null)
        {
            var store = await Task.Run(() => Build(plan));
            (_store, _plan, _lastStepAt, _announcedStep, _fault) = (store, plan, _time.GetTimestamp(), store.Step, "");
            LogStarted(plan.RunId, store.Layout.ParameterLength, store.StepCount);
            WakeWaiters();
        }
        return Status(long.MaxValue);
    }

    /// <inheritdoc/>
    public async Task<PushAnswer> PushAsync(GradientPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (_store is not { } store)
            return new(PushOutcome.NotStarted);
        try
        {
            var (answer, record) = await Task.Run(() =>
            {
                var answer = store.Offer(part);
                return (answer, answer.Outcome == PushOutcome.Accepted ? store.TryApplyStep() : null);
            });
            if (answer.Outcome == PushOutcome.Refused)
                LogRefused(part.Device, part.Step, answer.Message);
            if (record is not null)
                Announce(record);
            return answer;
        }
        catch (NonFiniteException e)
        {
            // The run learns of it from the status and fails with this sentence.
            _fault = e.Message;
            return new(PushOutcome.Accepted);
        }
    }

    /// <inheritdoc/>
    public async Task<WeightsPart> PullAsync(long knownStep, int part, TimeSpan patience)
    {
        if (_store is null)
            return new() { Outcome = PullOutcome.NotStarted };
        if (_store.Step == knownStep && !_store.IsFinished)
        {
            try
            {
                await _stepChanged.Task.WaitAsync(patience, _time);
            }
            catch (TimeoutException)
            {
                return new() { Outcome = PullOutcome.NotYet };
            }
        }
        if (_store is not { } store)
            return new() { Outcome = PullOutcome.NotStarted };
        var (step, parts) = store.Weights;
        return new()
        {
            Outcome = step >= store.StepCount ? PullOutcome.Finished : PullOutcome.Weights,
            Step = step,
            Payload = parts[part],
            PartCount = parts.Count,
        };
    }

    /// <inheritdoc/>
    public Task<ParameterServerStatus> GetStatusAsync(long afterStep) => Task.FromResult(Status(afterStep));

    /// <inheritdoc/>
    public Task<SavedModel> SaveModelAsync()
    {
        if (_store is not { } store || _plan is not { } plan)
            throw new InvalidOperationException($"The parameter server of run {this.GetPrimaryKeyString()} has no weights to save.");
        var path = _files.Model(plan.RunId);
        return Task.Run(() =>
        {
            var (step, parts) = store.Weights;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            SafetensorsFile.Write(path, store.Layout, parts, new Dictionary<string, string>
            {
                ["format"] = "pt",
                ["vaecluster.run"] = plan.RunId,
                ["vaecluster.step"] = step.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["vaecluster.spec"] = plan.SpecJson,
            });
            return new SavedModel(path, SafetensorsFile.Sha256(parts));
        });
    }

    /// <inheritdoc/>
    public Task StopAsync()
    {
        (_store, _plan) = (null, null);
        _records.Clear();
        _early.Clear();
        WakeWaiters();
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private void Announce(StepRecord record)
    {
        // The turns of two steps may come in either order; records are told in the order of the steps, without a hole.
        _early[record.Step] = record;
        while (_early.Remove(_announcedStep + 1, out var next))
        {
            var now = _time.GetTimestamp();
            var timed = next with { Seconds = _time.GetElapsedTime(_lastStepAt, now).TotalSeconds };
            (_lastStepAt, _announcedStep) = (now, timed.Step);
            _records.Enqueue(timed);
            if (_records.Count > RecordsMax)
                _records.Dequeue();
            _instruments.OnStep(timed.Seconds);
        }
        WakeWaiters();
    }

    private void WakeWaiters()
    {
        var changed = _stepChanged;
        _stepChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    private ParameterServerStatus Status(long afterStep) => _store is not { } store ? new() : new()
    {
        Started = true,
        // Never ahead of the records: whoever sees the last step has seen what was measured of it.
        Step = _announcedStep,
        StepCount = store.StepCount,
        ParameterCount = store.Layout.ParameterLength,
        Records = [.. _records.Where(record => record.Step > afterStep)],
        Fault = _fault,
    };

    private static ParameterStore Build(RunPlan plan)
    {
        var spec = RunSpecReader.ReadCanonical(plan.SpecJson);
        var layout = ModelFactory.LayoutOf(spec.Model, plan.Data);
        return new ParameterStore(spec, plan.Data, layout, WeightInitializer.Initialize(layout, spec.Seed));
    }

    [LoggerMessage(1, LogLevel.Information, "The parameter server of run {RunId} starts with {ParameterCount} parameters and {StepCount} steps to go.")]
    private partial void LogStarted(string runId, int parameterCount, long stepCount);

    [LoggerMessage(2, LogLevel.Warning, "A gradient of step {Step} from {Device} was refused: {Reason}")]
    private partial void LogRefused(string device, long step, string reason);
}
