using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Directory;
using Orleans.Runtime.Metadata;

namespace Orleans.Runtime.Catalog;

/// <summary>
/// One activation of a grain on this silo. Activation.Turns.cs decides what may run, Activation.Lifecycle.cs starts and ends it.
/// </summary>
internal sealed partial class Activation : IGrainContext
{
    private readonly AsyncServiceScope _scope;
    private readonly ActivationScheduler _scheduler;
    private readonly TaskCompletionSource _deactivated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<Activation> _ended;
    private GrainReference? _reference;

    public Activation(GrainId grainId, GrainClass grainClass, ActivationServices services, Action<Activation> ended)
    {
        Class = grainClass;
        Services = services;
        _ended = ended;
        Address = new() { GrainId = grainId, ActivationId = ActivationId.NewId(), SiloAddress = services.LocalSilo };
        Registration = new(Address, DateTime.UtcNow);
        _scope = services.Root.CreateAsyncScope();
        _scheduler = new(this, services.Scheduling, services.Logger);
        _usedLast = services.Time.GetTimestamp();
    }

    public GrainClass Class { get; }

    public ActivationServices Services { get; }

    public Registration Registration { get; }

    public GrainAddress Address { get; }

    public GrainId GrainId => Address.GrainId;

    public ActivationId ActivationId => Address.ActivationId;

    public object? GrainInstance { get; private set; }

    public IServiceProvider ActivationServices => _scope.ServiceProvider;

    public Task Deactivated => _deactivated.Task;

    public GrainReference GrainReference => _reference ??= Services.References.Create(GrainId, typeof(IGrainItself));

    public object? GetTarget() => GrainInstance;

    public object? GetComponent(Type componentType)
    {
        ArgumentNullException.ThrowIfNull(componentType);
        return componentType.IsInstanceOfType(this) ? this : componentType.IsInstanceOfType(GrainInstance) ? GrainInstance : null;
    }

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => ActivationId.GetHashCode();

    public override string ToString() => $"[Activation: {GrainId} {ActivationId} on {Address.SiloAddress}, {_state}]";
}

/// <summary>A reference to a grain through none of its interfaces.</summary>
internal interface IGrainItself : IAddressable;
