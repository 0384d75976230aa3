using System.Runtime.CompilerServices;

namespace Orleans.Runtime.Membership;

/// <summary>What this silo knows of the cluster. Everything that learns something merges it in here.</summary>
internal sealed class MembershipState(ILocalSiloDetails local) : IClusterMembershipService, ISiloStatusOracle
{
    private readonly Lock _sync = new();
    private MembershipView _view = MembershipView.Empty;
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SiloAddress LocalSilo => local.SiloAddress;

    public MembershipView View => Volatile.Read(ref _view);

    /// <summary>Called after each change, one at a time, with the view before and after it.</summary>
    public event Action<MembershipView, MembershipView>? Changed;

    public SiloStatus CurrentStatus => View.StatusOf(LocalSilo);

    public string SiloName => local.Name;

    public SiloAddress SiloAddress => LocalSilo;

    public ClusterMembershipSnapshot CurrentSnapshot => View.ToSnapshot();

    public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => UpdatesAsync();

    public void Merge(MembershipView other)
    {
        lock (_sync)
        {
            var before = _view;
            var after = before.Merge(other);
            if (ReferenceEquals(before, after)) return;
            Volatile.Write(ref _view, after);
            Changed?.Invoke(before, after);
            _next.SetResult();
            _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public SiloStatus GetApproximateSiloStatus(SiloAddress siloAddress) => View.StatusOf(siloAddress);

    public Dictionary<SiloAddress, SiloStatus> GetApproximateSiloStatuses(bool onlyActive = false) => View.Entries
        .Where(entry => !onlyActive || entry.Status == SiloStatus.Active)
        .ToDictionary(entry => entry.Silo, entry => entry.Status);

    public bool TryGetSiloName(SiloAddress siloAddress, out string? siloName)
    {
        siloName = View.Find(siloAddress)?.Name;
        return siloName is not null;
    }

    public bool IsDeadSilo(SiloAddress silo) => View.StatusOf(silo) == SiloStatus.Dead;

    private async IAsyncEnumerable<ClusterMembershipSnapshot> UpdatesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task next;
            MembershipView view;
            lock (_sync) (next, view) = (_next.Task, _view);
            yield return view.ToSnapshot();
            await next.WaitAsync(cancellationToken);
        }
    }
}
