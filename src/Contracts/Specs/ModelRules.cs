using System.Globalization;

namespace VaeCluster.Contracts.Specs;

/// <summary>What each kind of model fills in where nothing is given, and what it cannot be given.</summary>
internal static class ModelRules
{
    /// <summary>Parameters of the largest model: 1 GiB, of which each trainer holds a few copies. Far above any model of these kinds.</summary>
    private const long ParametersMax = 1 << 28;

    public static void Complete(ModelSpec model)
    {
        model.Latent ??= model.Kind switch
        {
            ModelKind.Mlp2d or ModelKind.Conv28 => 2,
            ModelKind.IwaeMlp => 50,
            ModelKind.Conv64 => 128,
            ModelKind.Vq => 16,
            _ => 20,
        };
        if (IsFixed(model.Kind))
            return;
        model.Hidden ??= model.Kind switch { ModelKind.IwaeMlp => [200, 200], ModelKind.Vq => [64], _ => [512] };
        if (model.Kind != ModelKind.Vq)
            model.Activation ??= model.Kind == ModelKind.IwaeMlp ? ActivationKind.Tanh : ActivationKind.Relu;
    }

    public static void Check(RunSpec spec, List<SpecError> errors)
    {
        var model = spec.Model;
        var kind = SpecNames.Of(model.Kind);
        if (IsFixed(model.Kind) && model.Hidden is { } hidden)
            errors.Add(new(
                "model.hidden",
                $"model.hidden is {Show(hidden)}, but the layers of {kind} are fixed.",
                "Leave model.hidden out, or set model.kind to mlp."));
        else if (model.Kind == ModelKind.Vq && model.Hidden!.Count != 1)
            errors.Add(new(
                "model.hidden",
                $"model.hidden is {Show(model.Hidden)}; for vq it must be one number, the channels of its convolutions.",
                "Write it like [64]."));
        if ((IsFixed(model.Kind) || model.Kind == ModelKind.Vq) && model.Activation is { } activation)
            errors.Add(new(
                "model.activation",
                $"model.activation is {SpecNames.Of(activation)}, but the nonlinearities of {kind} are part of it.",
                "Leave model.activation out."));
        var count = ParameterCount(model, PixelsOf(spec.Data));
        if (count > ParametersMax)
            errors.Add(new(
                "model.hidden",
                Inv($"model.hidden is {Show(model.Hidden!)}, which makes a model of at least {count} parameters; it must have at most {ParametersMax}."),
                "Use narrower layers, or fewer."));
    }

    /// <summary>Whether the layers are given by the kind alone.</summary>
    private static bool IsFixed(ModelKind kind) => kind is ModelKind.Conv28 or ModelKind.Conv64;

    /// <summary>Values in an example, where they are known before any file is read: the layers between say enough elsewhere.</summary>
    private static int PixelsOf(DataSpec data) => DataRules.ValuesOf(data);

    /// <summary>A lower bound: weights and biases of the encoder's hidden layers and of the decoder, which mirrors them.</summary>
    private static long ParameterCount(ModelSpec model, int pixels)
    {
        if (model.Hidden is null)
            return 0;
        if (model.Kind == ModelKind.Vq)
            return 30L * model.Hidden[0] * model.Hidden[0];
        long latent = model.Latent!.Value;
        var heads = model.Kind == ModelKind.Ae ? 1 : 2;
        var count = 0L;
        long before = pixels;
        foreach (var width in model.Hidden)
        {
            count += (2 * before * width) + width + before;
            before = width;
        }
        return count + (before * heads * latent) + (heads * latent) + (latent * before) + before;
    }

    private static string Show(IEnumerable<int> widths) => $"[{string.Join(", ", widths)}]";

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
