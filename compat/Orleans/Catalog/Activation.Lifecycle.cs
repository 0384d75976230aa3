namespace Orleans.Runtime.Catalog;

internal enum ActivationState
{
    Starting,
    Valid,
    Ending,
    Ended,
}

internal sealed partial class Activation
{
    private readonly List<Func<CancellationToken, Task>> _setups = [];
    private readonly HashSet<IDisposable> _timers = [];
    private ActivationState _state;
    private DeactivationReason? _reason;
    private CancellationToken _endCancellation;
    private long _usedLast;
    private TimeSpan _keepFor;

    /// <summary>Adds what must be ready before the grain's own activation code runs, such as its state.</summary>
    public void AddSetup(Func<CancellationToken, Task> setup) => _setups.Add(setup);

    public void AddTimer(IDisposable timer)
    {
        lock (_sync) _timers.Add(timer);
    }

    public void RemoveTimer(IDisposable timer)
    {
        lock (_sync) _timers.Remove(timer);
    }

    public void Start() => Run(static self => self.StartAsync(), this);

    /// <summary>Ends the activation when the turns that run have ended. Turns that wait go to the next activation.</summary>
    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        lock (_sync)
        {
            if (_reason is not null || _state == ActivationState.Ended) return;
            _reason = deactivationReason;
            _endCancellation = cancellationToken;
            EndIfIdle();
        }

        _ = EndAfterTimeoutAsync();
    }

    public void DelayDeactivation(TimeSpan time)
    {
        lock (_sync)
        {
            _keepFor = time == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : time;
            MarkUsed();
        }
    }

    public bool IsUnusedFor(TimeSpan age)
    {
        lock (_sync)
        {
            var limit = _keepFor > age ? _keepFor : age;
            return _state == ActivationState.Valid && _running.Count == 0 && _waiting.Count == 0 && !Class.IsKeptAlive
                && Services.Time.GetElapsedTime(_usedLast) >= limit;
        }
    }

    private void MarkUsed() => _usedLast = Services.Time.GetTimestamp();

    private async Task StartAsync()
    {
        using var limit = new CancellationTokenSource(Services.Collection.ActivationTimeout);
        try
        {
            var winner = await Services.Directory.RegisterAsync(Registration);
            if (winner.Address.ActivationId != ActivationId)
            {
                await CloseAsync(failure: null, winner.Address.SiloAddress);
                return;
            }

            GrainInstance = Class.Create(this);
            foreach (var setup in _setups) await setup(limit.Token).WaitAsync(limit.Token);
            if (GrainInstance is IGrainBase grain) await grain.OnActivateAsync(limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception exception)
        {
            // The callers learn it; nobody else could do anything about it.
            var cause = limit.IsCancellationRequested ? TooLate(exception) : exception;
            LogStartFailed(Services.Logger, cause, GrainId);
            await UnregisterAsync();
            await CloseAsync(cause, movedTo: null);
            return;
        }

        lock (_sync)
        {
            _state = ActivationState.Valid;
            if (_reason is null) StartWhatMay();
            else EndIfIdle();
        }
    }

    private TimeoutException TooLate(Exception exception) => new(
        $"{GrainId} was not active within {Services.Collection.ActivationTimeout} (GrainCollectionOptions.ActivationTimeout).", exception);

    /// <summary>Called under the lock.</summary>
    private void EndIfIdle()
    {
        if (_state != ActivationState.Valid || _running.Count > 0) return;
        _state = ActivationState.Ending;
        Run(static self => self.EndAsync(), this);
    }

    /// <summary>A turn that never ends must not keep an activation for ever.</summary>
    private async Task EndAfterTimeoutAsync()
    {
        await Deactivated.WaitAsync(Services.Collection.DeactivationTimeout, _endCancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_sync)
        {
            if (_state != ActivationState.Valid) return;
            LogTurnsLeft(Services.Logger, GrainId, _running.Count, Services.Collection.DeactivationTimeout);
            _state = ActivationState.Ending;
            Run(static self => self.EndAsync(), this);
        }
    }

    private async Task EndAsync()
    {
        StopTimers();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_endCancellation);
        limit.CancelAfter(Services.Collection.DeactivationTimeout);
        try
        {
            if (GrainInstance is IGrainBase grain) await grain.OnDeactivateAsync(_reason!.Value, limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception exception)
        {
            // The activation ends whatever its grain says to it.
            LogEndFailed(Services.Logger, exception, GrainId);
        }

        await UnregisterAsync();
        await CloseAsync(failure: null, movedTo: null);
    }

    private async Task UnregisterAsync()
    {
        try
        {
            await Services.Directory.UnregisterAsync(Address);
        }
        catch (Exception exception)
        {
            // The entry is found to be stale by whoever uses it next, since this silo answers that it has no such activation.
            LogUnregisterFailed(Services.Logger, GrainId, exception.Message);
        }
    }

    private async Task CloseAsync(Exception? failure, SiloAddress? movedTo)
    {
        Turn[] left;
        lock (_sync)
        {
            _state = ActivationState.Ended;
            left = [.. _waiting];
            _waiting.Clear();
        }

        _ended(this);
        foreach (var turn in left) turn.Abandon(this, failure, movedTo);
        await DisposeAsync();
        _deactivated.TrySetResult();
    }

    private void StopTimers()
    {
        IDisposable[] timers;
        lock (_sync) timers = [.. _timers];
        foreach (var timer in timers) timer.Dispose();
    }

    private async Task DisposeAsync()
    {
        try
        {
            if (GrainInstance is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
            else if (GrainInstance is IDisposable disposable) disposable.Dispose();
            await _scope.DisposeAsync();
        }
        catch (Exception exception)
        {
            // As with deactivation: it ends anyway.
            LogEndFailed(Services.Logger, exception, GrainId);
        }
    }
}
