using Microsoft.Extensions.Logging;
using Orleans.Runtime.Membership;

namespace Orleans.Runtime.Directory;

/// <summary>
/// The part of the directory that this silo keeps. After a change of the silos it asks all others what they have active, and answers
/// nothing before it knows: an owner that does not know yet would let a second activation start.
/// </summary>
internal sealed partial class DirectoryPartition
{
    /// <summary>A silo that does not answer for longer is declared dead or has nothing to say.</summary>
    private static readonly TimeSpan RecoveryTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(100);

    private readonly Lock _sync = new();
    private readonly Dictionary<GrainId, Registration> _entries = [];
    private readonly MembershipState _membership;
    private readonly Func<SiloAddress, IDirectoryTarget> _target;
    private readonly ILogger _logger;
    private DirectoryRing _ring = new(MembershipView.Empty);
    private Task _recovered = Task.CompletedTask;

    public DirectoryPartition(MembershipState membership, Func<SiloAddress, IDirectoryTarget> target, ILogger logger)
    {
        _membership = membership;
        _target = target;
        _logger = logger;
        membership.Changed += OnMembershipChanged;
    }

    public DirectoryRing Ring => Volatile.Read(ref _ring);

    public Task Recovered => Volatile.Read(ref _recovered);

    public Registration? Find(GrainId grainId)
    {
        lock (_sync) return _entries.GetValueOrDefault(grainId);
    }

    /// <summary>The first registration stays, unless its silo is dead.</summary>
    public Registration Register(Registration registration)
    {
        lock (_sync)
        {
            if (_entries.TryGetValue(registration.Address.GrainId, out var existing) && !_membership.IsDeadSilo(existing.Address.SiloAddress!)) return existing;
            return _entries[registration.Address.GrainId] = registration;
        }
    }

    public void Unregister(GrainAddress address)
    {
        lock (_sync)
        {
            if (_entries.TryGetValue(address.GrainId, out var existing) && existing.Address.ActivationId == address.ActivationId) _entries.Remove(address.GrainId);
        }
    }

    private void OnMembershipChanged(MembershipView before, MembershipView after)
    {
        var ring = new DirectoryRing(after);
        lock (_sync)
        {
            foreach (var (grainId, entry) in _entries.ToArray())
            {
                if (after.StatusOf(entry.Address.SiloAddress!) == SiloStatus.Dead || !_membership.LocalSilo.Equals(ring.OwnerOf(grainId))) _entries.Remove(grainId);
            }
        }

        if (ring.Silos.SequenceEqual(_ring.Silos)) return;
        Volatile.Write(ref _ring, ring);
        if (ring.Silos.Contains(_membership.LocalSilo)) Volatile.Write(ref _recovered, Task.Run(() => RecoverAsync(after)));
    }

    /// <summary>Silos that shut down still run grains, so they are asked too.</summary>
    private async Task RecoverAsync(MembershipView view)
    {
        var others = view.Entries.Where(entry => entry.Status is SiloStatus.Active or SiloStatus.ShuttingDown).Select(entry => entry.Silo);
        await Task.WhenAll(others.Select(silo => PullAsync(silo, view)));
    }

    private async Task PullAsync(SiloAddress silo, MembershipView view)
    {
        for (var deadline = Environment.TickCount64 + (long)RecoveryTimeout.TotalMilliseconds; Environment.TickCount64 < deadline;)
        {
            if (_membership.IsDeadSilo(silo)) return;
            try
            {
                foreach (var registration in await _target(silo).Activations(_membership.LocalSilo, view).WaitAsync(RecoveryTimeout)) Adopt(registration);
                return;
            }
            catch (Exception exception)
            {
                // It is dying or busy; the failure detector says which, and this asks again until then.
                LogPullFailed(_logger, silo, exception.Message);
                await Task.Delay(RetryPeriod);
            }
        }

        LogGaveUp(_logger, silo, RecoveryTimeout.TotalSeconds);
    }

    private void Adopt(Registration registration)
    {
        Registration? loser = null;
        lock (_sync)
        {
            var grainId = registration.Address.GrainId;
            if (!_entries.TryGetValue(grainId, out var existing)) _entries[grainId] = registration;
            else if (!existing.Address.Equals(registration.Address)) loser = existing.Outranks(registration) ? registration : existing;
            if (ReferenceEquals(loser, existing) && loser is not null) _entries[grainId] = registration;
        }

        if (loser is null) return;
        LogDuplicate(_logger, loser.Address);
        _ = DropAsync(loser.Address);
    }

    private async Task DropAsync(GrainAddress address)
    {
        try
        {
            await _target(address.SiloAddress!).DropDuplicate(address);
        }
        catch (Exception exception)
        {
            // With its silo gone the duplicate is gone too; otherwise the next hand-over finds it again.
            LogPullFailed(_logger, address.SiloAddress!, exception.Message);
        }
    }
}
