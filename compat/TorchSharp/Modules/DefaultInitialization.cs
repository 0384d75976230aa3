using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>How PyTorch fills the weights of linear and convolution layers that nobody initialises.</summary>
internal static class DefaultInitialization
{
    /// <summary>Weight and bias uniform within ±1/√fan-in; for the weight that is Kaiming's rule with a = √5.</summary>
    internal static void Apply(Parameter weight, Parameter? bias)
    {
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (bias is null) return;

        var (fanIn, _) = nn.init.CalculateFanInAndFanOut(weight);
        var bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
        nn.init.uniform_(bias, -bound, bound);
    }
}
