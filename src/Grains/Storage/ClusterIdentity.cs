using System.Collections.Immutable;

namespace VaeCluster.Grains.Storage;

/// <summary>A cluster, as its silos name it to each other.</summary>
/// <param name="ClusterId">The name of the cluster.</param>
/// <param name="Membership">Where its membership is kept: the primary silo's address, or that of Redis.</param>
public sealed record ClusterIdentity(string ClusterId, string Membership)
{
    /// <summary>The extensions that each of its silos has, in the order of their names.</summary>
    public ImmutableArray<string> Extensions { get; init; } = [];

    /// <summary>Why a silo of this cluster cannot use a directory that silos of another identity use; null when it can.</summary>
    /// <param name="owner">The identity of those that use it; null where it could not be read.</param>
    /// <param name="path">The directory.</param>
    /// <param name="silo">The name of the silo.</param>
    internal string? WhyNotOf(ClusterIdentity? owner, string path, string silo)
    {
        if (owner?.ClusterId != ClusterId || owner.Membership != Membership)
            return $"The data directory {path} is in use by the cluster '{owner?.ClusterId}' (membership: {owner?.Membership}), and this silo "
                + $"belongs to '{ClusterId}' (membership: {Membership}). "
                + "A data directory belongs to one cluster. Give this silo another --data-dir, or the settings of that cluster.";
        var (lacks, adds) = (owner.Extensions.Except(Extensions).ToList(), Extensions.Except(owner.Extensions).ToList());
        if (lacks.Count + adds.Count == 0)
            return null;
        string[] differences =
        [
            .. lacks.Select(extension => $"lacks {extension}"),
            .. adds.Select(extension => $"has {extension}, which they lack"),
        ];
        return $"Silo {silo} cannot join the silos of the cluster '{ClusterId}' that run on {path}: it {string.Join(", and ", differences)}. "
            + "All silos of a cluster have the same extensions, because each may train any run. "
            + "Start this silo with their --extensions, or stop them and start all with the same.";
    }
}
