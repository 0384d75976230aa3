using VaeCluster.Contracts.ParameterServer;

namespace VaeCluster.Grains.Trainers;

/// <summary>
/// Lets the trainers of a silo pull each part of the weights once: who asks for what another waits for already waits for the same call. Everybody gets a
/// reference to the same memory. Safe to use from many threads.
/// </summary>
internal sealed class SharedPulls
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Server, long KnownStep, int Part), SharedPull> _pulls = [];

    /// <summary>The answer to a pull, which is begun where none like it is under way.</summary>
    /// <param name="server">The parameter server.</param>
    /// <param name="knownStep">The step whose weights are known.</param>
    /// <param name="part">The part of the flat vector.</param>
    /// <param name="pull">Begins a call.</param>
    public async Task<WeightsPart> PullAsync(string server, long knownStep, int part, Func<Task<WeightsPart>> pull)
    {
        var key = (server, knownStep, part);
        var shared = Join(key, pull);
        try
        {
            return Share(await shared.Call.Value, key, shared);
        }
        catch
        {
            Forget(key, shared);
            throw;
        }
    }

    private SharedPull Join((string Server, long KnownStep, int Part) key, Func<Task<WeightsPart>> pull)
    {
        lock (_gate)
        {
            if (!_pulls.TryGetValue(key, out var shared))
                _pulls[key] = shared = new SharedPull(new Lazy<Task<WeightsPart>>(pull));
            shared.Waiting++;
            return shared;
        }
    }

    /// <summary>The answer with a reference of the caller's own: the last one takes that of the message.</summary>
    private WeightsPart Share(WeightsPart answer, (string Server, long KnownStep, int Part) key, SharedPull shared)
    {
        lock (_gate)
        {
            Forget(key, shared);
            return --shared.Waiting == 0 ? answer : answer with { Payload = answer.Payload?.Retain() };
        }
    }

    /// <summary>Whoever asks from now on wants a call of its own.</summary>
    private void Forget((string Server, long KnownStep, int Part) key, SharedPull shared)
    {
        lock (_gate)
        {
            if (_pulls.GetValueOrDefault(key) == shared)
                _pulls.Remove(key);
        }
    }

    private sealed class SharedPull(Lazy<Task<WeightsPart>> call)
    {
        /// <summary>Begun by the first who waits for it, outside of the gate.</summary>
        public Lazy<Task<WeightsPart>> Call { get; } = call;

        /// <summary>Those who have not taken the answer yet; guarded by the gate.</summary>
        public int Waiting { get; set; }
    }
}
