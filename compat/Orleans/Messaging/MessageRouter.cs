using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Catalog;
using Orleans.Runtime.Directory;
using Orleans.Runtime.Metadata;
using Orleans.Runtime.Networking;
using Orleans.Runtime.References;

namespace Orleans.Runtime.Messaging;

/// <summary>
/// Brings calls to where they belong: an activation here, one on another silo, one yet to be placed, an observer, or a part of the
/// runtime.
/// </summary>
internal sealed partial class MessageRouter(
    SiloAddress localSilo,
    SiloLinks links,
    ReferenceFactory references,
    CancellationRegistry cancellations,
    SiloMessagingOptions options,
    ILogger<MessageRouter> logger)
{
    public required GrainCatalog Catalog { get; init; }

    public required GrainLocator Locator { get; init; }

    public required SystemTargets System { get; init; }

    public required ObserverRouter Observers { get; init; }

    /// <summary>Sends a call that was made in this process. What is not copied or written when this returns is never read again.</summary>
    public void Send(Message message) => Guarded(message, arrived: false);

    /// <summary>Takes a call that came over a connection.</summary>
    public void Receive(Message message) => Guarded(message, arrived: true);

    /// <summary>Finds another place for a call that found its activation ended.</summary>
    public void Reroute(Message message, SiloAddress? movedTo)
    {
        Locator.Forget(message.Target);
        if (movedTo is null)
        {
            // An activation that ended had its turns, so that this goes on only as long as calls get done.
            Detached(message, LocateAsync);
            return;
        }

        Locator.Remember(message.Target, movedTo);
        Retry(message, $"it is active on {movedTo}");
    }

    private void Route(Message message, bool arrived)
    {
        var type = message.Target.Type;
        if (SystemTargets.IsSystem(type)) RouteSystem(message);
        else if (type == ObserverRegistry.ObserverType) Observers.Route(message);
        else if (Catalog.Find(message.Target) is { } activation) Deliver(message, activation);
        else if (arrived && Catalog.IsOpen) Deliver(message, Catalog.GetOrStart(message.Target));
        else if (Locator.TryGetCached(message.Target, out var silo)) Forward(message, silo);
        else Detached(message, LocateAsync);
    }

    private void RouteSystem(Message message)
    {
        var silo = SystemTargets.SiloOf(message.Target);
        if (silo.Equals(localSilo) || (silo.Generation == 0 && silo.Endpoint.Equals(localSilo.Endpoint)) || message.Origin?.Equals(localSilo) == false)
        {
            System.Deliver(message, Own(message));
        }
        else
        {
            Forward(message, silo);
        }
    }

    private async Task LocateAsync(Message message) => Forward(message, await Locator.LocateAsync(message.Target));

    private void Forward(Message message, SiloAddress silo)
    {
        if (silo.Equals(localSilo)) Deliver(message, Catalog.GetOrStart(message.Target));
        else SendTo(message, silo);
    }

    private void Deliver(Message message, Activation activation)
    {
        var call = Own(message);
        cancellations.Add(message, call.Method);
        if (!activation.TryReceive(message, call)) Reroute(message, movedTo: null);
    }

    private void SendTo(Message message, SiloAddress silo)
    {
        var frame = MessageWire.WriteRequest(message);
        try
        {
            links.CheckSize(frame, $"The call of {message.MethodName}");
        }
        catch
        {
            frame.Dispose();
            throw;
        }

        message.Reply.Moved(silo);
        var sent = links.To(silo).SendAsync(frame);
        if (!sent.IsCompletedSuccessfully) Detached(message, kept => AwaitSentAsync(kept, silo, sent));
    }

    private async Task AwaitSentAsync(Message message, SiloAddress silo, ValueTask sent)
    {
        try
        {
            await sent;
        }
        catch (PeerGoneException exception)
        {
            // It cannot have run: there was nobody to run it.
            Locator.Forget(message.Target);
            if (SystemTargets.IsSystem(message.Target.Type)) throw;
            Retry(message, exception.Message);
        }
        catch (ConnectionFailedException exception)
        {
            Locator.Forget(message.Target);
            throw new SiloUnavailableException($"{message.MethodName} of {message.Target} could not be sent to {silo}: {exception.Message}", exception);
        }
    }

    private void Retry(Message message, string why)
    {
        if (++message.Forwards > options.MaxForwardCount)
        {
            message.Reply.Fail(new SiloUnavailableException(
                $"{message.MethodName} of {message.Target} found no activation after {options.MaxForwardCount} more tries (SiloMessagingOptions.MaxForwardCount): {why}."));
            return;
        }

        LogRetry(logger, message, why);
        Detached(message, LocateAsync);
    }

    /// <summary>The call as an object of its own, whose arguments nobody else can change.</summary>
    private GrainCall Own(Message message)
    {
        if (!message.IsOwned && message.Call is { } call) message.Call = call.Snapshot();
        message.IsOwned = true;
        return message.Open(references);
    }

    /// <summary>Goes on after the caller has: from here on the message must hold what it needs.</summary>
    private void Detached(Message message, Func<Message, Task> action)
    {
        if (message.Body is { } body && !message.IsOwned) message.Body = body.Detach();
        else if (!message.IsOwned && message.Call is { } call) message.Call = call.Snapshot();
        message.IsOwned = true;
        _ = GuardAsync(message, action);
    }

    private async Task GuardAsync(Message message, Func<Message, Task> action)
    {
        try
        {
            await action(message);
        }
        catch (Exception exception)
        {
            Fail(message, exception);
        }
    }

    private void Guarded(Message message, bool arrived)
    {
        try
        {
            Route(message, arrived);
        }
        catch (Exception exception)
        {
            Fail(message, exception);
        }
    }

    /// <summary>Every failure on a call's way is its caller's to know.</summary>
    private void Fail(Message message, Exception exception)
    {
        if (message.IsOneWay) LogLost(logger, exception, message);
        message.Reply.Fail(exception);
    }
}
