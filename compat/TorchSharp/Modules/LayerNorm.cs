using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Normalises each example over its last dimensions.</summary>
    public sealed class LayerNorm : nn.Module<Tensor, Tensor>
    {
        private readonly long[] _normalizedShape;
        private readonly double _epsilon;

        internal LayerNorm(long[] normalizedShape, double epsilon, bool isAffine, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(LayerNorm))
        {
            (_normalizedShape, _epsilon) = (normalizedShape, epsilon);
            if (isAffine) weight = ones(normalizedShape, dtype, device).AsParameter();
            if (isAffine && hasBias) bias = zeros(normalizedShape, dtype, device).AsParameter();
        }

        public Parameter? bias
        {
            get => get_parameter(nameof(bias));
            set => Assign(nameof(bias), value);
        }

        /// <inheritdoc cref="NormBase.weight"/>
        public Parameter weight
        {
            get => get_parameter(nameof(weight))!;
            set => Assign(nameof(weight), value);
        }

        public override Tensor forward(Tensor tensor) => nn.functional.layer_norm(tensor, _normalizedShape, weight, bias, _epsilon);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.LayerNorm LayerNorm(
                long[] normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(normalized_shape, eps, elementwise_affine, bias, device, dtype);

            public static Modules.LayerNorm LayerNorm(
                long normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                LayerNorm([normalized_shape], eps, elementwise_affine, bias, device, dtype);
        }
    }
}
