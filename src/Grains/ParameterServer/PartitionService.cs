using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Grains.Liveness;
using VaeCluster.Parameters.Store;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>
/// A partition while it serves one session of a parameter server: takes gradients, by the standby first where one follows, and applies each step as the
/// server decides. For one grain's turns only, so it needs no lock.
/// </summary>
internal sealed partial class PartitionService
{
    /// <summary>The pause before a server that was not reached is asked again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly PartitionStart _start;
    private readonly IDisposable _hosted;
    private readonly IGrainFactory _grains;
    private readonly IParameterServerGrain _server;
    private readonly BackgroundWork _work;
    private readonly Action _onChanged;
    private readonly LivenessOptions _liveness;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PushGate _gate = new();
    private StandbyLink? _standby;
    private string _standbyError = "";
    private Task _deciding = Task.CompletedTask;
    private bool _isReduced;
    private bool _isHeld;

    public PartitionService(
        PartitionStart start,
        PartitionStore store,
        IDisposable hosted,
        IGrainFactory grains,
        BackgroundWork work,
        Action onChanged,
        LivenessOptions liveness,
        TimeProvider time,
        ILogger logger)
    {
        _start = start;
        Store = store;
        _hosted = hosted;
        _grains = grains;
        _server = grains.GetGrain<IParameterServerGrain>(start.Server);
        _work = work;
        _onChanged = onChanged;
        _liveness = liveness;
        _time = time;
        _logger = logger;
    }

    public string Session => _start.Session;

    public PartitionStore Store { get; }

    /// <summary>Whether it serves no longer: the server has begun other partitions, or is gone.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>Takes a gradient.</summary>
    public async Task<PushAnswer> PushAsync(GradientBlock block)
    {
        await _gate.EnterAsync();
        try
        {
            if (HasLeft)
            {
                block.Payload.Release();
                return new(PushOutcome.NotStarted);
            }
            await ForwardAsync(block);
            var (answer, isReduced) = await Task.Run(() =>
            {
                var answer = Store.Offer(block);
                return (answer, answer.Outcome == PushOutcome.Accepted && Store.TryReduce() is not null);
            });
            if (isReduced)
                BeginDeciding();
            return answer;
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>Holds gradients back, once none is under way.</summary>
    public Task CloseAsync()
    {
        _isHeld = true;
        return _gate.CloseAsync();
    }

    /// <summary>Takes gradients again, where they are held back.</summary>
    public void Open()
    {
        if (_isHeld)
            _gate.Open();
        _isHeld = false;
    }

    /// <summary>Every gradient goes to the standby on a silo first from now on; to none where the name is empty.</summary>
    public void Follow(string standbySilo)
    {
        _standby = standbySilo.Length == 0 ? null : new StandbyLink(_grains, standbySilo, _start.Plan.RunId, _liveness, _time);
        _standbyError = "";
    }

    /// <summary>Serves no longer.</summary>
    public void Leave()
    {
        HasLeft = true;
        _hosted.Dispose();
        Open();
    }

    /// <summary>Gives the standby a gradient, if one follows; goes on without it if it cannot take it, and lets the server know with the next step.</summary>
    private async Task ForwardAsync(GradientBlock block)
    {
        if (_standby is not { } standby)
            return;
        var copy = block with { Payload = block.Payload.Retain() };
        // What is written down only the server knows; it lets the standby forget those records.
        if (await standby.PushAsync(copy, writtenStep: 0) is { } lost && _standby == standby)
        {
            _standby = null;
            _standbyError = lost;
        }
    }

    private void BeginDeciding()
    {
        _isReduced = true;
        if (_deciding.IsCompleted)
            _deciding = _work.Start(DecideAsync);
    }

    /// <summary>Asks the server what becomes of each step that is complete here, and carries it out.</summary>
    private async Task DecideAsync(CancellationToken cancellationToken)
    {
        var lostAt = (long?)null;
        while (_isReduced && !HasLeft && !cancellationToken.IsCancellationRequested)
        {
            if (Store.TryReduce() is not { } reduced)
            {
                _isReduced = false;
                continue;
            }
            try
            {
                await CarryOutAsync(await _server.DecideAsync(Describe(reduced)).WaitAsync(cancellationToken));
                lostAt = null;
            }
            catch (Exception e) when (CallFailures.IsTransient(e))
            {
                lostAt ??= _time.GetTimestamp();
                if (_time.GetElapsedTime(lostAt.Value) > _liveness.RegistryTimeout)
                {
                    // Its run begins other partitions wherever it is by now, or has ended.
                    LogLeft(_start.Server, _start.Plan.RunId, e.Message);
                    LeaveNow();
                }
                await Task.Delay(Pause, _time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The activation ends.
            }
        }
    }

    private RangeGradient Describe(ReducedGradient reduced) => new()
    {
        Session = Session,
        Range = _start.Range,
        Step = reduced.Step,
        Attempt = reduced.Attempt,
        SquareSums = [.. reduced.SquareSums],
        StandbyError = _standbyError,
    };

    private async Task CarryOutAsync(StepDecision decision)
    {
        if (decision.Verdict == StepVerdict.Superseded)
            LeaveNow();
        else if (decision.Verdict != StepVerdict.Undecided && await Task.Run(() => Store.Apply(decision)))
            _onChanged();
    }

    private void LeaveNow()
    {
        Leave();
        _onChanged();
    }

    [LoggerMessage(42, LogLevel.Warning, "The parameter server {Server} of run {RunId} is gone, and its partition leaves: {Reason}")]
    private partial void LogLeft(string server, string runId, string reason);
}
