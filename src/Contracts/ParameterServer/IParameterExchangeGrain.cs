using Orleans.Concurrency;

namespace VaeCluster.Contracts.ParameterServer;

/// <summary>What trainers ask of whoever owns a range of a run's weights: its parameter server or a partition of it.</summary>
[Alias("vaecluster.IParameterExchangeGrain")]
public interface IParameterExchangeGrain : IGrainWithStringKey
{
    // An answer may be lost with its connection, and then the run waits for the trainer that waits for it: so the two calls that
    // every step needs have the response timeout of the cluster, which is short. Asking again is harmless.

    /// <summary>Takes a part of a gradient block. Pushing it twice is harmless.</summary>
    [Alias("Push"), AlwaysInterleave]
    Task<PushAnswer> PushAsync(GradientBlock block);

    /// <summary>
    /// The weights of the current step, as soon as that is another step than <paramref name="knownStep"/>; after
    /// <paramref name="timeout"/> an answer without weights.
    /// </summary>
    [Alias("Pull"), AlwaysInterleave]
    Task<WeightsPart> PullAsync(long knownStep, int part, TimeSpan timeout);
}
