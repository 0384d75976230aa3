using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Models;
using static TorchSharp.torch;

namespace VaeCluster.Training.Objectives;

/// <summary>
/// Lowers beta while the posterior has collapsed onto the prior. What it remembers are two buffers of the model, which travel, reduce and are
/// checkpointed with the weights as running statistics are: the sum of the mean KL since it was last judged, and how often beta was
/// lowered. So a gradient stays a function of weights, step and shard, and a replay comes to the same bits.
/// </summary>
public sealed class CollapseGuard
{
    /// <summary>Name of the buffer that holds the mean KL summed over the steps since the last judgement, in nats.</summary>
    internal const string KlName = "collapse_kl";

    /// <summary>Name of the buffer that counts how often beta was lowered.</summary>
    internal const string LoweringsName = "collapse_lowerings";

    private readonly CollapseSpec _spec;
    private readonly Tensor _kl;
    private readonly Tensor _lowerings;

    private CollapseGuard(CollapseSpec spec, Tensor kl, Tensor lowerings) => (_spec, _kl, _lowerings) = (spec, kl, lowerings);

    /// <summary>What beta is multiplied by now.</summary>
    public double Scale => ScaleOf(_spec, _lowerings.ToNumber());

    /// <summary>The guard of a model that has its buffers; null for one that has none.</summary>
    public static CollapseGuard? Of(CollapseSpec spec, Autoencoder model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var buffers = model.named_buffers().ToDictionary(named => named.Item1, named => named.Item2);
        return buffers.TryGetValue(KlName, out var kl) ? new(spec, kl, buffers[LoweringsName]) : null;
    }

    /// <summary>What beta is multiplied by after so many lowerings.</summary>
    public static double ScaleOf(CollapseSpec spec, double lowerings)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Math.Pow(spec.Factor, lowerings);
    }

    /// <summary>Judges the steps before this one, where their number is complete, and begins to count anew.</summary>
    public void BeginStep(long step)
    {
        if (step == 0 || step % _spec.Steps != 0)
            return;
        using var noGrad = no_grad();
        if (_kl.ToNumber() / _spec.Steps < _spec.Threshold)
            _lowerings.Increment();
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
