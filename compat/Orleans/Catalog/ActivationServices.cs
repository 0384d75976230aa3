using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Directory;
using Orleans.Runtime.Messaging;
using Orleans.Runtime.References;

namespace Orleans.Runtime.Catalog;

/// <summary>What all activations of a silo share.</summary>
internal sealed class ActivationServices
{
    public required SiloAddress LocalSilo { get; init; }

    public required IServiceProvider Root { get; init; }

    public required GrainDirectory Directory { get; init; }

    public required CallInvoker Invoker { get; init; }

    public required MessageRouter Router { get; init; }

    public required ReferenceFactory References { get; init; }

    public required GrainCollectionOptions Collection { get; init; }

    public required SchedulingOptions Scheduling { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }
}
