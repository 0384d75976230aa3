using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // Activation functions.
    public partial class Tensor
    {
        public Tensor relu() => Aten.Relu.Call(this);

        public Tensor relu_() => Aten.Relu_.Update(this);

        public Tensor selu() => Aten.Selu.Call(this);

        public Tensor selu_() => Aten.Selu_.Update(this);

        public Tensor silu() => Aten.Silu.Call(this);

        public Tensor silu_() => Aten.Silu_.Update(this);

        public Tensor relu6() => Aten.Relu6.Call(this);

        public Tensor hardsigmoid() => Aten.Hardsigmoid.Call(this);

        public Tensor hardsigmoid_() => Aten.Hardsigmoid_.Update(this);

        public Tensor log_sigmoid() => Aten.LogSigmoid.Call(this);

        public Tensor gelu() => Aten.Gelu.Call(this);

        public Tensor leaky_relu(Scalar negative_slope) => Aten.LeakyRelu.Call(this, negative_slope);

        public Tensor leaky_relu_(Scalar negative_slope) => Aten.LeakyRelu_.Update(this, negative_slope);

        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale) => Aten.Elu.Call(this, alpha, scale, input_scale);

        public Tensor elu_(Scalar alpha, Scalar scale, Scalar input_scale) => Aten.Elu_.Update(this, alpha, scale, input_scale);

        public Tensor hardtanh(Scalar min, Scalar max) => Aten.Hardtanh.Call(this, min, max);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Aten.SoftmaxInt.Call(this, dim, dtype);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Aten.LogSoftmaxInt.Call(this, dim, dtype);
    }
}
