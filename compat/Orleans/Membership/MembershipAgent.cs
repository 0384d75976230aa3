using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Metadata;

namespace Orleans.Runtime.Membership;

/// <summary>Brings this silo into the cluster and out of it, and tells the others what it learns about any of them.</summary>
internal sealed partial class MembershipAgent(
    MembershipState state,
    IMembershipStore store,
    Func<SiloAddress, IMembershipTarget> target,
    ClusterMembershipOptions options,
    IHostApplicationLifetime lifetime,
    ILogger<MembershipAgent> logger) : IDisposable
{
    /// <summary>The pause between two tries to reach the store, or to find a primary silo that is gone.</summary>
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private bool _leaving;
    private bool _storeLost;

    /// <summary>Whether the others took this silo for dead before it left.</summary>
    public bool IsDeclaredDead { get; private set; }

    public async Task JoinAsync(ILocalSiloDetails local, GrainClassEntry[] classes, CancellationToken cancellationToken)
    {
        state.Changed += OnChanged;
        var self = new MemberEntry(local.SiloAddress, local.Name, SiloStatus.Joining, local.GatewayAddress?.Endpoint.Port ?? 0, DateTime.UtcNow, classes);
        state.Merge(MembershipView.Of([self]));
        await ReachStoreAsync(cancellationToken);
        LogJoined(logger, local.SiloAddress, local.Name, state.View.Entries.Count(entry => entry.Status != SiloStatus.Dead));
    }

    public async Task ActivateAsync(CancellationToken cancellationToken)
    {
        await AnnounceAsync(state.LocalSilo, SiloStatus.Active);
        _ = RefreshAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Tells everyone a silo's status, this one's or that of one found dead.</summary>
    public async Task AnnounceAsync(SiloAddress silo, SiloStatus status)
    {
        if (state.View.StatusOf(silo) >= status) return;
        if (silo.Equals(state.LocalSilo) && status == SiloStatus.Dead) _leaving = true;
        LogAnnounce(logger, silo, status);
        state.Merge(state.View.With(silo, status));
        await Task.WhenAll(GossipAsync().Append(TryStoreAsync()));
    }

    private void OnChanged(MembershipView before, MembershipView after)
    {
        if (after.StatusOf(state.LocalSilo) == SiloStatus.Dead) OnDeclaredDead();
    }

    public void BeginLeaving() => _leaving = true;

    public void Dispose()
    {
        _stopping.Cancel();
        state.Changed -= OnChanged;
    }

    private async Task ReachStoreAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.MaxJoinAttemptTime);
        while (true)
        {
            try
            {
                state.Merge(await store.ExchangeAsync(state.View, limit.Token));
                return;
            }
            catch (Exception exception) when (exception is not (OperationCanceledException or OrleansConfigurationException))
            {
                LogStoreUnreachable(logger, exception.Message);
            }

            await Task.Delay(RetryPeriod, limit.Token);
        }
    }

    private async Task TryStoreAsync()
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            limit.CancelAfter(options.ProbeTimeout * options.NumMissedProbesLimit);
            state.Merge(await store.ExchangeAsync(state.View, limit.Token));
            _storeLost = false;
        }
        catch (Exception exception)
        {
            // Every silo holds the whole table, so the cluster goes on without the store; RefreshAsync tries again.
            if (!_storeLost && !_leaving) LogStoreUnreachable(logger, exception.Message);
            _storeLost = true;
        }
    }

    private IEnumerable<Task> GossipAsync() => state.View.Entries
        .Where(entry => entry.Status != SiloStatus.Dead && !entry.Silo.Equals(state.LocalSilo))
        .Select(entry => GossipAsync(entry.Silo));

    private async Task GossipAsync(SiloAddress silo)
    {
        try
        {
            state.Merge(await target(silo).Exchange(state.View).WaitAsync(options.ProbeTimeout));
        }
        catch (Exception exception)
        {
            // Its probes find out what is wrong with it, and carry the news if nothing is.
            LogGossipFailed(logger, silo, exception.Message);
        }
    }

    private async Task RefreshAsync()
    {
        var sinceStore = TimeSpan.Zero;
        using var timer = new PeriodicTimer(RetryPeriod);
        while (!_stopping.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync();
            sinceStore += RetryPeriod;
            if (sinceStore < options.TableRefreshTimeout && !NeedsStore()) continue;
            sinceStore = TimeSpan.Zero;
            await TryStoreAsync();
        }
    }

    /// <summary>A lost primary is looked for all the time: others that start go to it, and would not find this silo.</summary>
    private bool NeedsStore() => store is PrimarySiloStore { IsKnown: false };

    /// <summary>Stops this silo: the others go on without it, and its grains may run elsewhere.</summary>
    public void OnDeclaredDead()
    {
        if (_leaving) return;
        IsDeclaredDead = true;
        _leaving = true;
        LogDeclaredDead(logger, state.LocalSilo);

        // On another thread: what the application does when it stops must not run within a change of the membership.
        _ = Task.Run(lifetime.StopApplication);
    }
}
