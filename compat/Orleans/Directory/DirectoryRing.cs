using Orleans.Runtime.Membership;

namespace Orleans.Runtime.Directory;

/// <summary>Divides all grains among the active silos, so that a change of the silos moves few of them (consistent hashing).</summary>
internal sealed class DirectoryRing
{
    /// <summary>Each silo has this many places on the ring, which evens out their shares.</summary>
    private const int PointsEach = 32;

    private readonly (uint Hash, SiloAddress Silo)[] _points;

    public DirectoryRing(MembershipView view)
    {
        Silos = [.. view.Active.Select(entry => entry.Silo)];
        _points =
        [
            .. Silos.SelectMany(silo => Enumerable.Range(0, PointsEach).Select(i => (StableHash.Compute32($"{silo.ToParsableString()}#{i}"), silo)))
                .OrderBy(point => point.Item1),
        ];
    }

    public SiloAddress[] Silos { get; }

    /// <summary>The silo that keeps the grain's entry, or null while none is active.</summary>
    public SiloAddress? OwnerOf(GrainId grainId)
    {
        if (_points.Length == 0) return null;
        var (low, high) = (0, _points.Length);
        for (var hash = grainId.GetUniformHashCode(); low < high;)
        {
            var middle = (low + high) / 2;
            if (_points[middle].Hash < hash) low = middle + 1;
            else high = middle;
        }

        return _points[low % _points.Length].Silo;
    }
}
