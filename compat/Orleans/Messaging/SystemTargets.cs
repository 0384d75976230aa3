using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.References;

namespace Orleans.Runtime.Messaging;

/// <summary>The parts of the runtime that other silos call.</summary>
internal sealed partial class SystemTargets(ReferenceFactory references, ILogger logger)
{
    private const string TypePrefix = "sys.svc.";
    private readonly ConcurrentDictionary<GrainType, object> _targets = new();

    public static bool IsSystem(GrainType type) => type.ToString().StartsWith(TypePrefix, StringComparison.Ordinal);

    /// <summary>The silo that a reference to a part means.</summary>
    public static SiloAddress SiloOf(GrainId target) => SiloAddress.FromParsableString(target.Key.ToString());

    public T Reference<T>(SiloAddress silo) where T : ISystemTarget => references.Create<T>(GrainId.Create(TypeOf<T>(), silo.ToParsableString()));

    public void Add<T>(T target) where T : class, ISystemTarget
    {
        GrainInterface.Get(typeof(T)).CheckPayloads([]);
        _targets[TypeOf<T>()] = target;
    }

    /// <summary>Runs a call beside all others: these parts keep their own order.</summary>
    public void Deliver(Message message, GrainCall call) => _ = Task.Run(() => InvokeAsync(message, call));

    private static GrainType TypeOf<T>() => GrainType.Create(TypePrefix + typeof(T).Name);

    private async Task InvokeAsync(Message message, GrainCall call)
    {
        try
        {
            if (!_targets.TryGetValue(message.Target.Type, out var target)) throw new OrleansMessageRejectionException($"There is no {message.Target.Type} here.");
            await call.InvokeAsync(target, CancellationToken.None);
            message.Reply.Succeed(call);
        }
        catch (Exception exception)
        {
            // The asking silo has to deal with it.
            LogFailed(logger, exception, message);
            message.Reply.Fail(exception);
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "{Message} failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception, Message message);
}
