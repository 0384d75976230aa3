namespace VaeCluster.Contracts.Specs;

/// <summary>
/// A kind of objective: its name, its rules and its words. What it computes is said in VaeCluster.Training: a kind of an extension also implements
/// <c>IObjectiveFactory</c>.
/// </summary>
public abstract class ObjectiveKind : ISpecKind
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <summary>Whether it needs a model with a posterior.</summary>
    public virtual bool NeedsPosterior => true;

    /// <summary>
    /// Whether it is -log p(x|z) plus a weight times the KL, so that it has the same optimum as the losses of other code; <c>vaectl describe</c> then
    /// prints those too.
    /// </summary>
    public virtual bool WeighsKl => false;

    /// <summary>What is minimised, in nats per example, as <c>vaectl describe</c> prints it.</summary>
    /// <param name="spec">A complete spec.</param>
    public abstract string Formula(RunSpec spec);

    /// <summary>What is wrong with a spec that has this objective, beside what holds for all. Every field has its default already.</summary>
    public virtual IEnumerable<SpecError> Check(RunSpec spec) => [];
}
