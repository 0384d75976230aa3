namespace VaeCluster.Contracts.Specs.Objectives;

/// <summary>-log p(x|code): a model has it of itself, and no spec names it.</summary>
internal sealed class ReconstructionObjective : ObjectiveKind
{
    public override string Name => "reconstruction";

    public override bool NeedsPosterior => false;

    public override string Formula(RunSpec spec) => "-log p(x|code)";
}
