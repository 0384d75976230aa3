using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Orleans.Runtime.Catalog;

/// <summary>Ends activations that nobody used for a while.</summary>
internal sealed partial class IdleCollector(GrainCatalog catalog, GrainCollectionOptions options, TimeProvider time, ILogger<IdleCollector> logger) : IDisposable
{
    private ITimer? _timer;

    public void Start() => _timer = time.CreateTimer(_ => Collect(), null, options.CollectionQuantum, options.CollectionQuantum);

    public void Dispose() => _timer?.Dispose();

    private void Collect()
    {
        foreach (var activation in catalog.Activations)
        {
            var age = options.ClassSpecificCollectionAge.GetValueOrDefault(activation.Class.Type.FullName!, options.CollectionAge);
            if (!activation.IsUnusedFor(age)) continue;
            LogCollected(logger, activation.GrainId, age);
            activation.Deactivate(new(DeactivationReasonCode.ActivationIdle, $"It was not called for {age}"));
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "{Grain} was not called for {Age} and is deactivated.")]
    private static partial void LogCollected(ILogger logger, GrainId grain, TimeSpan age);
}
