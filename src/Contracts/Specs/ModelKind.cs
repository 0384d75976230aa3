using VaeCluster.Contracts.Architectures;

namespace VaeCluster.Contracts.Specs;

/// <summary>
/// A kind of model: its name, the fields that it uses with their defaults, its rules and its layers. The module that trains, the layout of its
/// parameters and both exported forms are made from the layers.
/// </summary>
public abstract class ModelKind : ISpecKind
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <summary>What <c>model.hidden</c> is where it is not given; null where the kind does not use the field, which is then refused.</summary>
    public virtual IReadOnlyList<int>? HiddenDefault { get; init; }

    /// <summary>What <c>model.activation</c> is where it is not given; null where the kind does not use the field, which is then refused.</summary>
    public virtual ActivationKind? ActivationDefault { get; init; }

    /// <summary>What <c>model.latent</c> is where it is not given.</summary>
    /// <value>Default 20.</value>
    public virtual int LatentDefault { get; init; } = 20;

    /// <summary>
    /// The objective that the model is trained for where <c>objective.bound</c> is not given; null for a model with a posterior, which then
    /// maximises the ELBO. A model with an objective of its own has no posterior.
    /// </summary>
    public virtual ObjectiveKind? OwnObjective { get; init; }

    /// <summary>Whether the encoder makes a posterior q(z|x), Gaussian with diagonal covariance, over a prior N(0, I).</summary>
    public bool HasPosterior => OwnObjective is null;

    /// <summary>The values that pixels have for the model.</summary>
    /// <value>Default [0, 1].</value>
    public virtual PixelRange Range => PixelRange.Unit;

    /// <summary>What <see cref="Accepts"/> asks of examples, to be read after "which", e.g. <c>takes images of 1x28x28</c>.</summary>
    public virtual string ShapeRule => "takes images of any shape";

    /// <summary>The settings that make images of such a shape, e.g. <c>data.imageSize to 28</c>.</summary>
    public virtual string ShapeSettings => "";

    /// <summary>Whether the model takes examples of a shape.</summary>
    public virtual bool Accepts(ExampleShape shape) => true;

    /// <summary>What is wrong with a spec that names this kind, beside what holds for all kinds. Every field has its default already.</summary>
    public virtual IEnumerable<SpecError> Check(RunSpec spec) => [];

    /// <summary>The layers.</summary>
    /// <param name="model">The section of a complete spec.</param>
    /// <param name="shape">The shape of the examples, which the model <see cref="Accepts"/>.</param>
    public abstract ModelGraph Describe(ModelSpec model, ExampleShape shape);

    /// <summary>Values in the code of one example.</summary>
    /// <param name="model">The section of a complete spec.</param>
    /// <param name="shape">The shape of the examples.</param>
    public virtual int CodeLength(ModelSpec model, ExampleShape shape)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Latent!.Value;
    }

    /// <summary>Values in the largest layer of the decoder, for one example: what bounds the memory of a step.</summary>
    /// <param name="model">The section of a complete spec.</param>
    /// <param name="shape">The shape of the examples.</param>
    public virtual long LargestLayer(ModelSpec model, ExampleShape shape)
    {
        ArgumentNullException.ThrowIfNull(model);
        return (model.Hidden ?? []).Append(shape.Dimensions).Max();
    }

    /// <summary>A lower bound on the number of parameters, so that a model that cannot fit is refused before any file is read.</summary>
    /// <param name="model">The section of a complete spec.</param>
    /// <param name="values">Values in one example, where the spec alone determines them; else 0.</param>
    public virtual long ParametersAtLeast(ModelSpec model, int values) => 0;
}
