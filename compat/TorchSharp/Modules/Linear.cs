using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>y = x Wᵀ + b, with W of shape [out, in].</summary>
    public sealed class Linear : nn.Module<Tensor, Tensor>
    {
        internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Linear))
        {
            weight = empty(outputSize, inputSize, dtype, device).AsParameter();
            if (hasBias) bias = empty(outputSize, dtype, device).AsParameter();
            DefaultInitialization.Apply(weight, bias);
        }

        public Parameter? bias
        {
            get => get_parameter(nameof(bias));
            set => Assign(nameof(bias), value);
        }

        public Parameter weight
        {
            get => get_parameter(nameof(weight))!;
            set => Assign(nameof(weight), value);
        }

        public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight, bias);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);
        }
    }
}
