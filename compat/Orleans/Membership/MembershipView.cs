using System.Collections.Immutable;

namespace Orleans.Runtime.Membership;

/// <summary>
/// A silo's knowledge of the cluster. A silo's status only ever advances, so two views merge into one by taking the further status
/// of each silo, in whatever order and however often views are exchanged: nobody needs a lock or a leader to agree.
/// </summary>
[GenerateSerializer, Immutable]
internal sealed class MembershipView
{
    private MembershipView(ImmutableArray<MemberEntry> entries, long version)
    {
        Entries = entries;
        Version = version;
    }

    public static MembershipView Empty { get; } = new([], 0);

    /// <summary>Sorted by address.</summary>
    [Id(0)]
    public ImmutableArray<MemberEntry> Entries { get; }

    /// <summary>Grows with every change; views of equal content may differ in it.</summary>
    [Id(1)]
    public long Version { get; }

    public ImmutableArray<MemberEntry> Active => [.. Entries.Where(entry => entry.Status == SiloStatus.Active)];

    /// <summary>Says whether two silos know the same.</summary>
    public ulong ContentHash => StableHash.Compute64(string.Join(';', Entries.Select(entry => $"{entry.Silo.ToParsableString()}={entry.Status}")));

    public static MembershipView Of(IEnumerable<MemberEntry> entries) => Empty.Merge(new([.. entries], 0));

    public MemberEntry? Find(SiloAddress silo) => Entries.FirstOrDefault(entry => entry.Silo.Equals(silo));

    public SiloStatus StatusOf(SiloAddress silo) => Find(silo)?.Status
        ?? (Entries.Any(entry => silo.IsPredecessorOf(entry.Silo)) ? SiloStatus.Dead : SiloStatus.None);

    public MembershipView With(MemberEntry entry) => Merge(new([entry], Version));

    public MembershipView With(SiloAddress silo, SiloStatus status) => Find(silo) is { } entry ? With(entry with { Status = status }) : this;

    /// <summary>What either knows; this view itself where the other adds nothing.</summary>
    public MembershipView Merge(MembershipView other)
    {
        ImmutableArray<MemberEntry> merged =
        [
            .. KillPredecessors(Entries.Concat(other.Entries).GroupBy(entry => entry.Silo).Select(group => group.MaxBy(entry => entry.Status)!))
                .OrderBy(entry => entry.Silo),
        ];
        var changed = merged.Length != Entries.Length || merged.Where((entry, i) => entry.Status != Entries[i].Status || !entry.Silo.Equals(Entries[i].Silo)).Any();
        return changed ? new(merged, Math.Max(Version, other.Version) + 1) : this;
    }

    /// <summary>Forgets silos that died long ago.</summary>
    public MembershipView Without(Func<MemberEntry, bool> defunct) => new([.. Entries.Where(entry => !defunct(entry))], Version);

    public ClusterMembershipSnapshot ToSnapshot() => new(
        Entries.ToImmutableDictionary(entry => entry.Silo, entry => new ClusterMember(entry.Silo, entry.Status, entry.Name)), new(Version));

    /// <summary>Two lives of an endpoint cannot overlap: the port was free when the later one took it.</summary>
    private static IEnumerable<MemberEntry> KillPredecessors(IEnumerable<MemberEntry> entries)
    {
        foreach (var lives in entries.GroupBy(entry => entry.Silo.Endpoint))
        {
            var last = lives.Max(entry => entry.Silo.Generation);
            foreach (var entry in lives) yield return entry.Silo.Generation < last ? entry with { Status = SiloStatus.Dead } : entry;
        }
    }
}
