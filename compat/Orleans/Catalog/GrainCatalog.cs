using System.Collections.Concurrent;
using Orleans.Runtime.Directory;
using Orleans.Runtime.Metadata;

namespace Orleans.Runtime.Catalog;

/// <summary>The activations of this silo.</summary>
internal sealed class GrainCatalog(GrainClassMap classes, Lazy<ActivationServices> services)
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();
    private int _closed;

    public IEnumerable<Activation> Activations => _activations.Values;

    /// <summary>What the directory should know of, activations that are only about to register included.</summary>
    public IEnumerable<Registration> Registrations => _activations.Values.Select(activation => activation.Registration);

    /// <summary>Whether new activations start here; not once the silo shuts down.</summary>
    public bool IsOpen => Volatile.Read(ref _closed) == 0;

    public Activation? Find(GrainId grainId) => _activations.GetValueOrDefault(grainId);

    /// <exception cref="OrleansException">This silo does not have the grain's class.</exception>
    public Activation GetOrStart(GrainId grainId)
    {
        if (_activations.TryGetValue(grainId, out var existing)) return existing;
        if (!IsOpen) throw new SiloUnavailableException($"{grainId} is not activated on {services.Value.LocalSilo}: the silo is shutting down.");
        var grainClass = classes.Find(grainId.Type) ?? throw new OrleansException(
            $"{grainId} cannot be activated on {services.Value.LocalSilo}: the silo has no grain class of type '{grainId.Type}'.");
        var created = new Activation(grainId, grainClass, services.Value, Remove);
        var activation = _activations.GetOrAdd(grainId, created);
        if (ReferenceEquals(activation, created)) activation.Start();
        return activation;
    }

    public void Deactivate(GrainAddress address, DeactivationReason reason)
    {
        if (Find(address.GrainId) is { } activation && activation.ActivationId == address.ActivationId) activation.Deactivate(reason);
    }

    public async Task DeactivateAllAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _closed, 1);
        var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo is shutting down");

        // Again, for those that were about to start when the silo closed.
        while (!_activations.IsEmpty)
        {
            await Task.WhenAll(_activations.Values.ToArray().Select(activation =>
            {
                activation.Deactivate(reason, cancellationToken);
                return activation.Deactivated;
            }));
        }
    }

    private void Remove(Activation activation) => _activations.TryRemove(KeyValuePair.Create(activation.GrainId, activation));
}
