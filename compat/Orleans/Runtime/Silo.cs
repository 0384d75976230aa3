using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.Catalog;
using Orleans.Runtime.Directory;
using Orleans.Runtime.Membership;
using Orleans.Runtime.Messaging;
using Orleans.Runtime.Metadata;
using Orleans.Runtime.Networking;
using Orleans.Runtime.References;

namespace Orleans.Runtime;

/// <summary>
/// All parts of one silo, put together. They refer to each other in circles (a call needs a place, a place needs a call), so they
/// are built here in order rather than by the container.
/// </summary>
internal sealed class Silo : IDisposable
{
    private readonly EndpointOptions _endpoint;
    private readonly CallTable _calls = new();
    private readonly SiloLinks _links;
    private readonly Gateway _gateway;
    private readonly MembershipAgent _agent;
    private readonly FailureDetector _detector;
    private readonly IdleCollector _collector;
    private readonly ILocalSiloDetails _local;
    private readonly GrainClassMap _classes;

    public Silo(IServiceProvider services)
    {
        var membershipOptions = services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value;
        var messaging = services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value;
        var cluster = services.GetRequiredService<IOptions<ClusterOptions>>().Value;
        var loggers = services.GetRequiredService<ILoggerFactory>();
        var collection = services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value;
        var time = services.GetRequiredService<TimeProvider>();
        var limits = new FrameLimits(messaging, nameof(SiloMessagingOptions));
        _endpoint = services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        _local = services.GetRequiredService<ILocalSiloDetails>();
        _classes = new(ApplicationParts.Types);

        // Membership and the wire.
        Membership = services.GetRequiredService<MembershipState>();
        _links = new(Membership, cluster, limits, loggers.CreateLogger<SiloLinks>());
        var cancellations = new CancellationRegistry();
        var calls = new SiloCalls(_local.SiloAddress, _calls, _links, cancellations, messaging);
        var references = new ReferenceFactory(calls);
        calls.References = references;
        var system = new SystemTargets(references, loggers.CreateLogger<SystemTargets>());
        _gateway = new(Membership, cluster, limits, _calls, system.Reference<IClientTarget>, loggers.CreateLogger<Gateway>());

        // Where grains are.
        var partition = new DirectoryPartition(Membership, system.Reference<IDirectoryTarget>, loggers.CreateLogger<DirectoryPartition>());
        var directory = new GrainDirectory(partition, Membership, system.Reference<IDirectoryTarget>);
        var locator = new GrainLocator(directory, new(Membership, _classes, services), Membership);
        ActivationServices? shared = null;
        Catalog = new(_classes, new Lazy<ActivationServices>(() => shared!));

        // How calls get there.
        var observers = new ObserverRegistry(ObserverRouter.OwnerName(_local.SiloAddress), loggers.CreateLogger<ObserverRegistry>());
        var clients = new ClientDirectory(Membership);
        var router = new MessageRouter(_local.SiloAddress, _links, references, cancellations, messaging, loggers.CreateLogger<MessageRouter>())
        {
            Catalog = Catalog,
            Locator = locator,
            System = system,
            Observers = new(_local.SiloAddress, _links, observers, references, _gateway, clients),
        };
        calls.Router = router;
        _gateway.Router = router;
        _gateway.Calls = calls;
        _links.Received = new SiloFrames(_calls, _links, cancellations, references, loggers.CreateLogger<SiloFrames>()) { Router = router, Locator = locator }.Handle;
        GrainFactory = new(references, observers, () => Membership.View.Entries.SelectMany(entry => entry.GrainClasses).Concat(_classes.Entries), services);
        shared = new()
        {
            LocalSilo = _local.SiloAddress,
            Root = services,
            Directory = directory,
            Invoker = new(cancellations, messaging, loggers.CreateLogger<CallInvoker>()),
            Router = router,
            References = references,
            Collection = collection,
            Scheduling = services.GetRequiredService<IOptions<SchedulingOptions>>().Value,
            Time = time,
            Logger = loggers.CreateLogger<Activation>(),
        };
        _collector = new(Catalog, collection, time, loggers.CreateLogger<IdleCollector>());

        // Who is alive.
        var store = services.GetRequiredService<IMembershipStoreFactory>().Create(Membership, system.Reference<IMembershipTarget>);
        _agent = new(
            Membership, store, system.Reference<IMembershipTarget>, membershipOptions, services.GetRequiredService<IHostApplicationLifetime>(), loggers.CreateLogger<MembershipAgent>());
        _detector = new(Membership, _agent, system.Reference<IMembershipTarget>, membershipOptions, loggers.CreateLogger<FailureDetector>()) { HeardSince = _links.HeardSince };
        _links.Gone = _detector.ReportGone;
        _links.SelfDead = _agent.OnDeclaredDead;
        _links.Lost = silo => _calls.FailSentTo(silo, "The connection to it broke.");
        Membership.Changed += FailCallsToDead;
        system.Add<IMembershipTarget>(new MembershipTarget(Membership));
        system.Add<IDirectoryTarget>(new DirectoryTarget(partition, Membership, Catalog));
        system.Add<IClientTarget>(clients);
    }

    public MembershipState Membership { get; }

    public GrainFactory GrainFactory { get; }

    public GrainCatalog Catalog { get; }

    /// <summary>Opens the ports and finds the other silos.</summary>
    public async Task JoinAsync(CancellationToken cancellationToken)
    {
        _links.Listen(_endpoint.SiloListeningEndpoint ?? _local.SiloAddress.Endpoint);
        if (_local.GatewayAddress is { } gateway) _gateway.Listen(_endpoint.GatewayListeningEndpoint ?? gateway.Endpoint);
        await _agent.JoinAsync(_local, _classes.Entries, cancellationToken);
    }

    /// <summary>From here on grains may be placed on this silo.</summary>
    public async Task ActivateAsync(CancellationToken cancellationToken)
    {
        await _agent.ActivateAsync(cancellationToken);
        _detector.Start();
        _collector.Start();
    }

    /// <summary>Leaves in good order: no new grains, then no grains, then no silo.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        if (Membership.IsDeadSilo(_local.SiloAddress) || _agent.IsDeclaredDead)
        {
            // The grains may be active elsewhere by now: ending them here in good order could overwrite their states.
            Close(abruptly: true);
            return;
        }

        _agent.BeginLeaving();
        await _agent.AnnounceAsync(_local.SiloAddress, SiloStatus.ShuttingDown);
        _collector.Dispose();

        // The host's patience may end first; the other silos must hear that this one leaves all the same.
        await Catalog.DeactivateAllAsync(cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _agent.AnnounceAsync(_local.SiloAddress, SiloStatus.Dead);
        Close(abruptly: false);
    }

    /// <summary>Ends as a killed process does: the connections break, and nobody is told.</summary>
    public void Kill()
    {
        _agent.BeginLeaving();
        Close(abruptly: true);
    }

    public void Dispose() => Close(abruptly: false);

    private void Close(bool abruptly)
    {
        _collector.Dispose();
        _detector.Dispose();
        _agent.Dispose();
        _gateway.Close(abruptly);
        _links.Close(abruptly);
        _calls.FailAll(call => new SiloUnavailableException($"{call.MethodName} of {call.Target} was left without an answer: silo {_local.SiloAddress} has stopped."));
        _calls.Dispose();
    }

    private void FailCallsToDead(MembershipView before, MembershipView after)
    {
        foreach (var entry in after.Entries)
        {
            if (entry.Status == SiloStatus.Dead && before.StatusOf(entry.Silo) != SiloStatus.Dead) _calls.FailSentTo(entry.Silo, "That silo is dead.");
        }
    }
}
