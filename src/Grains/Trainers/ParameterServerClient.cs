using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Parameters.Reduction;

namespace VaeCluster.Grains.Trainers;

/// <summary>A trainer's way to the parameter server of its run: pulls weights and pushes gradients, in parts.</summary>
internal sealed class ParameterServerClient(IParameterServerGrain server, string device, TimeSpan pullTimeout, TrainerInstruments instruments)
{
    private int _partCount = 1;

    /// <summary>Whether the server that answered last has the run.</summary>
    public bool HasRun { get; private set; } = true;

    /// <summary>Pulls the weights of another step than the one that is known, as soon as there is one.</summary>
    /// <param name="knownStep">The step whose weights are known; -1 for none.</param>
    /// <returns>The weights; null when nothing came in time, when a step came in between, or where the server does not have the run.</returns>
    public async Task<PulledWeights?> PullAsync(long knownStep)
    {
        // All parts at once: each waits for the step at the server, and none for the answer about another.
        var parts = await Task.WhenAll(Enumerable.Range(0, _partCount).Select(part => server.PullAsync(knownStep, part, pullTimeout)));
        var first = parts[0];
        HasRun = first.Outcome is not PullOutcome.NotStarted;
        if (first.Outcome is PullOutcome.NotStarted or PullOutcome.NotYet)
            return null;
        // What this pull asked for, not what the next one will: a pull that was given up for another may have received the number meanwhile.
        if (first.PartCount != parts.Length || Array.Exists(parts, part => part.Step != first.Step || part.Outcome != first.Outcome))
        {
            _partCount = first.PartCount;
            return null;
        }
        instruments.OnPulled(parts.Sum(part => (long)part.Payload.Length));
        return new(first.Step, first.Outcome == PullOutcome.Finished, [.. parts.Select(part => part.Payload)]);
    }

    /// <summary>Begins to push every block of a step.</summary>
    /// <returns>The answer to each.</returns>
    public IReadOnlyList<Task<PushAnswer>> Push(GradientLease gradients)
    {
        var pushes = new List<Task<PushAnswer>>();
        for (var part = 0; part < gradients.Count; part++)
        {
            foreach (var block in gradients[part])
                pushes.Add(PushAsync(part, block, gradients));
        }
        return pushes;
    }

    private async Task<PushAnswer> PushAsync(int part, GradientBlock block, GradientLease gradients)
    {
        instruments.OnPushed(block.Payload.Length);
        gradients.BeginRead();
        var answer = await server.PushAsync(new GradientPart
        {
            Step = gradients.Step,
            FirstShard = block.FirstShard,
            ShardCount = block.ShardCount,
            Part = part,
            Losses = block.Losses,
            Payload = block.Payload,
            Device = device,
        });
        gradients.EndRead(answer.IsPayloadInUse);
        return answer;
    }
}
