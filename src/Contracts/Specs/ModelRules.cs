using static System.FormattableString;

namespace VaeCluster.Contracts.Specs;

/// <summary>Fills in the defaults of a spec's kind of model, and refuses what the kind does not use.</summary>
internal static class ModelRules
{
    /// <summary>Parameters of the largest model: 1 GiB, of which each trainer holds a few copies. Far above any model of these kinds.</summary>
    private const long ParametersMax = 1 << 28;

    public static void Complete(RunSpec spec)
    {
        var (model, kind) = (spec.Model, SpecKinds.ModelOf(spec));
        model.Latent ??= kind.LatentDefault;
        model.Hidden ??= kind.HiddenDefault;
        model.Activation ??= kind.ActivationDefault;
    }

    public static void Check(RunSpec spec, List<SpecError> errors)
    {
        var (model, kind) = (spec.Model, SpecKinds.ModelOf(spec));
        if (kind.HiddenDefault is null && model.Hidden is { } hidden)
            errors.Add(new(
                "model.hidden",
                $"model.hidden is {Show(hidden)}, but the layers of {kind.Name} are fixed.",
                "Leave model.hidden out, or set model.kind to mlp."));
        if (kind.ActivationDefault is null && model.Activation is { } activation)
            errors.Add(new(
                "model.activation",
                $"model.activation is {SpecNames.Of(activation)}, but the nonlinearities of {kind.Name} are part of it.",
                "Leave model.activation out."));
        errors.AddRange(kind.Check(spec));
        var count = kind.ParametersAtLeast(model, DataRules.ValuesOf(spec.Data));
        if (count > ParametersMax)
            errors.Add(new(
                "model.hidden",
                Invariant($"model.hidden is {Show(model.Hidden!)}, which makes a model of at least {count} parameters; it must have at most {ParametersMax}."),
                "Use narrower layers, or fewer."));
    }

    public static string Show(IEnumerable<int> widths) => $"[{string.Join(", ", widths)}]";
}
