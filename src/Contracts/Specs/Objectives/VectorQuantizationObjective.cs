using static System.FormattableString;

namespace VaeCluster.Contracts.Specs.Objectives;

/// <summary>
/// -log p(x|e) + |sg(v) - e|^2 + commitment |v - sg(e)|^2 (van den Oord et al. 2017, equation 3): a model has it of itself, and no spec names it.
/// </summary>
internal sealed class VectorQuantizationObjective : ObjectiveKind
{
    public override string Name => "vector-quantization";

    public override bool NeedsPosterior => false;

    public override string Formula(RunSpec spec) => Invariant($"-log p(x|e) + |sg(v) - e|^2 + {spec.Objective.Commitment:G6} |v - sg(e)|^2");
}
