using System.Collections.Concurrent;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Parameters.Store;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>
/// What the standbys on this silo follow. It belongs to the silo and not to an activation: when a silo is lost, the part of Orleans'
/// directory that it kept is lost too, and the next call may activate a standby anew beside the one that has the state.
/// </summary>
public sealed class StandbyMemory
{
    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.Ordinal);

    internal Slot this[string key] => _slots.GetOrAdd(key, _ => new Slot());

    internal void Forget(string key) => _slots.TryRemove(key, out _);

    internal sealed class Slot
    {
        public StandbyState? Begun { get; set; }

        public List<byte[]> Pieces { get; } = [];

        public ParameterStore? Store { get; set; }

        public IReadOnlyList<byte[]> HandedOver { get; set; } = [];
    }
}
