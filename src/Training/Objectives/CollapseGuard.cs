using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Schedules;
using VaeCluster.Training.Models;
using static TorchSharp.torch;

namespace VaeCluster.Training.Objectives;

/// <summary>
/// Reduces beta while the posterior has collapsed onto the prior. Its state is two registered buffers of the model, which travel, reduce and are
/// checkpointed with the weights as running statistics are: the sum of the mean KL since the last check, and the number of reductions.
/// So a gradient stays a function of weights, step and shard, and a replay gives the same bits.
/// </summary>
public sealed class CollapseGuard
{
    private readonly CollapseSpec _spec;
    private readonly Tensor _kl;
    private readonly Tensor _reductions;

    private CollapseGuard(CollapseSpec spec, Tensor kl, Tensor reductions)
    {
        _spec = spec;
        _kl = kl;
        _reductions = reductions;
    }

    /// <summary>What beta is multiplied by now.</summary>
    public double Scale => BetaReductions.ScaleOf(_spec, _reductions.ToNumber());

    /// <summary>The guard of a model that has its buffers; null for one that has none.</summary>
    public static CollapseGuard? Of(CollapseSpec spec, Autoencoder model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var buffers = model.named_buffers().ToDictionary(named => named.Item1, named => named.Item2);
        return buffers.TryGetValue(BetaReductions.MeanKlBuffer, out var kl) ? new(spec, kl, buffers[BetaReductions.CountBuffer]) : null;
    }

    /// <summary>Checks the steps before this one when their number is complete, and starts a new count.</summary>
    public void BeginStep(long step)
    {
        if (step == 0 || step % _spec.Steps != 0)
            return;
        using var noGrad = no_grad();
        if (_kl.ToNumber() / _spec.Steps < _spec.Threshold)
            _reductions.Increment();
        _kl.zero_();
    }

    /// <summary>Counts the KL of a step: the mean over the shard's examples, of which the reduction makes that of the batch.</summary>
    /// <param name="kl">Summed over the examples, in nats.</param>
    /// <param name="examples">How many examples.</param>
    public void EndStep(Tensor kl, long examples)
    {
        ArgumentNullException.ThrowIfNull(kl);
        using var noGrad = no_grad();
        _kl.Add(kl.detach().Over(examples));
    }
}
