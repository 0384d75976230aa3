using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Ledger;

namespace VaeCluster.Grains.Runs;

/// <summary>Writes down what the parameter server reports of each step: the ledger first, then the metrics, then the progress of the run.</summary>
internal sealed class RunRecorder
{
    private readonly RunSession _session;
    private readonly LedgerLog _ledger;
    private readonly MetricsLog _metrics;
    private readonly CollapseWatch _collapse;
    private DateTimeOffset _progressWrittenAt;

    private RunRecorder(RunSession session, LedgerLog ledger, MetricsLog metrics)
    {
        _session = session;
        _ledger = ledger;
        _metrics = metrics;
        _collapse = new CollapseWatch(session.Spec, session.Schedule, session.State.Progress.IsCollapsed);
        FetchedStep = metrics.WrittenStep;
    }

    /// <summary>The last step whose record was fetched, and is in the ledger. The metrics may be behind: their lines are means over steps.</summary>
    public long FetchedStep { get; private set; }

    /// <summary>The last step that every file has.</summary>
    public long WrittenStep => _metrics.WrittenStep;

    /// <summary>The last value of the ledger's chain of hashes.</summary>
    public string LedgerChain => _ledger.Chain;

    /// <summary>Opens the files of a run, or begins them.</summary>
    /// <exception cref="IOException">The data directory is not readable or not writable.</exception>
    /// <exception cref="LedgerException">The ledger on disk is not one that can be continued.</exception>
    public static async Task<RunRecorder> OpenAsync(RunSession session)
    {
        var (ledgerPath, metricsPath, plan) = (session.Files.Ledger(session.RunId), session.Files.Metrics(session.RunId), session.Plan);
        var (every, stepCount, stepsPerEpoch) = (session.Spec.Logging.Every, session.Schedule.StepCount, session.Schedule.StepsPerEpoch);
        var (ledger, metrics) = await Task.Run(() => (LedgerLog.Open(ledgerPath, plan), new MetricsLog(metricsPath, every, stepCount, stepsPerEpoch)));
        return new RunRecorder(session, ledger, metrics);
    }

    /// <summary>The parameter server was lost: what it reports next may come again.</summary>
    public void OnServerLost() => FetchedStep = _metrics.WrittenStep;

    /// <summary>Writes down what the status reports of steps. When writing fails, the same records are fetched again.</summary>
    /// <exception cref="IOException">The data directory is not writable.</exception>
    /// <exception cref="LedgerException">What was computed contradicts the ledger.</exception>
    public async Task RecordAsync(ParameterServerStatus status)
    {
        await AppendToLedgerAsync(status);
        await _metrics.AppendAsync(status.Records);
        await ReportCollapseAsync(status);
        if (status.Records.Length > 0)
            FetchedStep = status.Records[^1].Step;
        var progress = ProgressOf(status);
        if (progress != _session.State.Progress)
            await PublishAsync(progress);
    }

    /// <summary>Before anybody hears of a step it is in the ledger.</summary>
    private async Task AppendToLedgerAsync(ParameterServerStatus status)
    {
        var ledger = _ledger;
        var gap = await Task.Run(() => ledger.Append(status.Records, status.Step));
        if (gap is null || _session.State.Conditions.Exists(condition => condition.Reason == RunReasons.LedgerIncomplete))
            return;
        _session.Logger.LogLedgerIncomplete(_session.RunId, gap);
        await _session.Store.AddConditionAsync(RunReasons.LedgerIncomplete, gap);
    }

    private async Task ReportCollapseAsync(ParameterServerStatus status)
    {
        var changes = _collapse.Take(status.Records);
        if (changes.Count == 0)
            return;
        await _session.Store.ChangeAsync(state =>
        {
            state.Progress = state.Progress with { IsCollapsed = _collapse.IsCollapsed };
            state.Conditions.AddRange(changes.Select(change => _session.Store.Condition(change.Reason, change.Message)));
        });
    }

    private async Task PublishAsync(RunProgress progress)
    {
        _session.Instruments.OnProgress(_session.RunId, progress);
        _session.Store.PublishProgress(progress);
        var now = _session.Time.GetUtcNow();
        if (now - _progressWrittenAt < _session.Options.ProgressWritePeriod)
            return;
        _progressWrittenAt = now;
        await _session.Store.ChangeAsync(_ => { });
    }

    private RunProgress ProgressOf(ParameterServerStatus status)
    {
        var line = _metrics.Latest;
        var nextStep = Math.Min(status.Step, status.StepCount - 1);
        return new()
        {
            Step = status.Step,
            StepCount = status.StepCount,
            Epoch = _session.Schedule.EpochOf(nextStep) + 1,
            EpochCount = _session.Schedule.Epochs,
            Elbo = line?.Elbo ?? 0,
            Reconstruction = line?.Reconstruction ?? 0,
            Kl = line?.Kl ?? 0,
            Beta = line?.Beta ?? 0,
            LearningRate = line?.LearningRate ?? 0,
            StepsPerSecond = line is { StepSeconds: > 0 } ? 1 / line.StepSeconds : 0,
            SamplesPerSecond = line?.SamplesPerSecond ?? 0,
            Samples = line?.Samples ?? 0,
            SkippedSteps = _metrics.SkippedSteps,
            IsCollapsed = _collapse.IsCollapsed,
        };
    }
}
