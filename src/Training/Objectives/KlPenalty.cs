using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Schedules;
using VaeCluster.Training.Models;
using static TorchSharp.torch;

namespace VaeCluster.Training.Objectives;

/// <summary>
/// What the KL term costs at a step. Free bits and the capacity bend the mean KL of a batch; here that is the batch of one shard, as it is for batch
/// normalisation, because a shard's gradient must not wait for another's. The number of shards is a part of the mathematics.
/// </summary>
public sealed class KlPenalty
{
    private readonly ObjectiveSpec _spec;
    private readonly CollapseGuard? _guard;

    /// <summary>The penalty that a spec describes.</summary>
    /// <param name="spec">The objective.</param>
    /// <param name="guard">What lowers the weight while the posterior has collapsed, where the spec asks for it.</param>
    public KlPenalty(ObjectiveSpec spec, CollapseGuard? guard = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        _spec = spec;
        _guard = guard;
    }

    /// <summary>Weight of the KL at a step, counted from 0.</summary>
    public double Weight(long step) => BetaSchedule.At(_spec.Beta, step) * (_guard?.Scale ?? 1);

    /// <summary>
    /// beta KL, summed over the batch: a scalar, in nats. With free bits lambda, beta sum_j max(lambda, mean KL_j) per example (Kingma et al.
    /// 2016); with a capacity C, gamma |mean KL - C| an example (Burgess et al. 2018).
    /// </summary>
    /// <param name="posterior">The batch's posterior.</param>
    /// <param name="kl">Its KL, summed over the batch.</param>
    /// <param name="step">The step, counted from 0.</param>
    public Tensor Of(Posterior posterior, Tensor kl, long step)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        var weight = Weight(step);
        var examples = posterior.Mean.shape[0];
        if (_spec.FreeBits > 0)
            return Gaussian.KlOfDimensions(posterior.Mean, posterior.LogVariance).AtLeast(_spec.FreeBits).sum().Times(weight * examples);
        if (_spec.Beta.Schedule == BetaScheduleKind.Capacity)
            return kl.Minus(examples * BetaSchedule.CapacityAt(_spec.Beta, step)).abs().Times(weight);
        return kl.Times(weight);
    }
}
