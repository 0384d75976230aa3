using System.Collections.Immutable;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Specs;
using VaeCluster.Grains.Devices;
using VaeCluster.Grains.Liveness;


namespace VaeCluster.Grains.Cluster;

/// <summary>
/// Which devices exist and which run has which. Time comes in with every call, and nothing else. All of it may be lost: the next announcements and requests
/// restore it.
/// </summary>
internal sealed class DeviceAllocator
{
    private readonly LivenessOptions _options;
    private readonly DateTimeOffset _startedAt;
    private readonly SortedDictionary<string, (SiloAnnouncement Announcement, DateTimeOffset HeardAt)> _silos = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _leases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (DeviceRequest Request, DateTimeOffset HeardAt)> _requests = new(StringComparer.Ordinal);

    /// <summary>An allocator that knows no device yet.</summary>
    /// <param name="options">How long announcements and leases last.</param>
    /// <param name="startedAt">The time.</param>
    public DeviceAllocator(LivenessOptions options, DateTimeOffset startedAt)
    {
        _options = options;
        _startedAt = startedAt;
    }

    /// <summary>Registers the devices of a silo, or renews them.</summary>
    /// <returns>
    /// Why they are not registered; empty when they are. Builds may compute other bits and speak other messages, so all devices are of one version: that of the
    /// silos that are registered already. When the last of these has left, those of another version are.
    /// </returns>
    public string Announce(SiloAnnouncement announcement, DateTimeOffset now)
    {
        Forget(now);
        var other = _silos.Values
            .FirstOrDefault(silo => silo.Announcement.Silo != announcement.Silo && silo.Announcement.Version != announcement.Version)
            .Announcement;
        if (other is not null)
            return $"Silo {announcement.Silo} runs version {announcement.Version}, and {other.Silo} version {other.Version}; "
                + $"all silos of a cluster must run one version. Its devices are not used until {other.Silo} has left or runs the same.";
        _silos[announcement.Silo] = (announcement, now);
        return "";
    }

    public void Withdraw(string silo) => _silos.Remove(silo);

    public void Close(string runId)
    {
        _requests.Remove(runId);
        FreeAllOf(runId);
    }

    /// <summary>When a run last asked; null when it never did.</summary>
    public DateTimeOffset? LastHeardOf(string runId) => _requests.TryGetValue(runId, out var entry) ? entry.HeardAt : null;

    /// <summary>Whether a run holds any device.</summary>
    public bool HasDevices(string runId) => _leases.ContainsValue(runId);

    /// <summary>Every living device.</summary>
    public ImmutableArray<DeviceEntry> List(DateTimeOffset now)
    {
        Forget(now);
        return
        [
            .. _silos.Values.SelectMany(silo => silo.Announcement.Devices.Select(device =>
            {
                var id = DeviceId.Of(silo.Announcement.Silo, device.Name);
                return new DeviceEntry(id, silo.Announcement.Silo, device, _leases.GetValueOrDefault(id, ""));
            })),
        ];
    }

    /// <summary>Leases devices to a run.</summary>
    /// <param name="request">What it asks.</param>
    /// <param name="runsByAge">Runs that have not ended, oldest first: an older one that waits goes before.</param>
    /// <param name="now">The time.</param>
    public DeviceGrant Request(DeviceRequest request, IReadOnlyList<string> runsByAge, DateTimeOffset now)
    {
        _requests[request.RunId] = (request, now);
        var devices = List(now);
        // A registry that was lost knows no silo until the first announces itself again: meanwhile whoever holds devices keeps them, and trains on.
        if (_silos.Count == 0 && request.Held.Length > 0 && now - _startedAt < _options.AnnouncementLifetime)
            return new(request.Held, "");
        // In the run's order: another one would look to it like a change.
        var held = request.Held.SelectMany(id => devices.Where(device => device.Id == id && IsOpenTo(device, request.RunId))).ToList();
        FreeAllOf(request.RunId);
        foreach (var device in held)
            _leases[device.Id] = request.RunId;

        if (held.Count < request.Min && OlderWaiting(request.RunId, runsByAge) is { } older)
            return new([], $"Run {older} was submitted earlier and waits for devices too.");
        var wanted = request.Max - held.Count;
        var given = Candidates(request, devices, held).Take(Math.Max(0, wanted)).ToList();
        if (held.Count + given.Count < request.Min)
        {
            FreeAllOf(request.RunId);
            return new([], Shortage(request, devices));
        }
        foreach (var device in given)
            _leases[device.Id] = request.RunId;
        return new([.. held.Concat(given).Select(device => device.Id)], "");
    }

    /// <summary>
    /// Free devices of one kind, the first of every silo before the second of any: spread, because silos stand for machines. Among
    /// equals the run's own silo comes first.
    /// </summary>
    private IEnumerable<DeviceEntry> Candidates(DeviceRequest request, IReadOnlyList<DeviceEntry> devices, List<DeviceEntry> held)
    {
        var free = devices.Where(device => !_leases.ContainsKey(device.Id)).ToList();
        var chosen = held.Count > 0 ? held[0].Device.Kind
            : request.Kind != DeviceKind.Any ? request.Kind
            : free.Exists(device => device.Device.Kind == DeviceKind.Cuda) ? DeviceKind.Cuda : DeviceKind.Cpu;
        return free
            .Where(device => device.Device.Kind == chosen)
            .GroupBy(device => device.Silo)
            .SelectMany(silo => silo.Select((device, rank) => (device, rank)))
            .OrderBy(ranked => ranked.rank)
            .ThenBy(ranked => ranked.device.Silo != request.Silo)
            .Select(ranked => ranked.device);
    }

    private string? OlderWaiting(string runId, IReadOnlyList<string> runsByAge) =>
        runsByAge.TakeWhile(other => other != runId).FirstOrDefault(other =>
            _requests.TryGetValue(other, out var entry) && _leases.Values.Count(holder => holder == other) < entry.Request.Min);

    private string Shortage(DeviceRequest request, IReadOnlyList<DeviceEntry> devices)
    {
        var fitting = devices.Where(device => request.Kind == DeviceKind.Any || device.Device.Kind == request.Kind).ToList();
        var free = fitting.Count(device => !_leases.ContainsKey(device.Id));
        var kind = request.Kind == DeviceKind.Any ? "" : $"{SpecNames.Of(request.Kind)} ";
        return $"The {request.Borrower} needs {request.Min} {kind}device{(request.Min == 1 ? "" : "s")}; the cluster has {fitting.Count}, {free} of them free.";
    }

    private static bool IsOpenTo(DeviceEntry device, string runId) => device.RunId.Length == 0 || device.RunId == runId;

    private void FreeAllOf(string runId)
    {
        foreach (var device in _leases.Where(lease => lease.Value == runId).Select(lease => lease.Key).ToList())
            _leases.Remove(device);
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var silo in _silos.Where(silo => now - silo.Value.HeardAt > _options.AnnouncementLifetime).Select(silo => silo.Key).ToList())
            _silos.Remove(silo);
        foreach (var run in _requests.Where(run => now - run.Value.HeardAt > _options.LeaseDuration).Select(run => run.Key).ToList())
            Close(run);
        var living = _silos.Values.SelectMany(silo => silo.Announcement.Devices.Select(device => DeviceId.Of(
            silo.Announcement.Silo,
            device.Name)))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _leases.Keys.Where(device => !living.Contains(device)).ToList())
            _leases.Remove(gone);
    }
}
