using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Grains.Trainers;

/// <summary>A trainer's way to the parameter server of its run: pulls weights and pushes gradients, in parts.</summary>
internal sealed class ParameterServerClient(IParameterServerGrain server, string device, TimeSpan pullTimeout, TrainerInstruments instruments)
{
    private int _partCount = 1;

    /// <summary>Whether the server that answered last has the run.</summary>
    public bool HasRun { get; private set; } = true;

    /// <summary>Pulls the weights of another step than the one that is known, as soon as there is one.</summary>
    /// <param name="knownStep">The step whose weights are known; -1 for none.</param>
    /// <returns>
    /// The weights, which the caller disposes; null when nothing came in time, when a step came in between, or where the server does not have the run.
    /// </returns>
    public async Task<WeightsSnapshot?> PullAsync(long knownStep)
    {
        // All parts at once: each waits for the step at the server, and none for the answer about another.
        var parts = await Task.WhenAll(Enumerable.Range(0, _partCount).Select(part => server.PullAsync(knownStep, part, pullTimeout)));
        var first = parts[0];
        HasRun = first.Outcome is not PullOutcome.NotStarted;
        if (first.Outcome is PullOutcome.NotStarted or PullOutcome.NotYet)
        {
            Array.ForEach(parts, part => part.Payload?.Release());
            return null;
        }
        // What this pull asked for, not what the next one will: a pull that was given up for another may have received the number meanwhile.
        if (first.PartCount != parts.Length || Array.Exists(parts, part => part.Step != first.Step || part.Outcome != first.Outcome))
        {
            _partCount = first.PartCount;
            Array.ForEach(parts, part => part.Payload?.Release());
            return null;
        }
        var weights = new WeightsSnapshot(first.Step, first.Outcome == PullOutcome.Finished, [.. parts.Select(part => part.Payload!)]);
        instruments.OnPulled(weights.Parts.Sum(part => (long)part.Length));
        return weights;
    }

    /// <summary>Begins to push blocks of a step; the references to their payloads go with them.</summary>
    /// <returns>The answer to each.</returns>
    public IReadOnlyList<Task<PushAnswer>> Push(IReadOnlyList<GradientBlock> blocks) =>
    [
        .. blocks.Select(block =>
        {
            instruments.OnPushed(block.Payload.Length);
            return server.PushAsync(block with { Contributors = [new(block.FirstShard, block.ShardCount, device)] });
        }),
    ];
}
