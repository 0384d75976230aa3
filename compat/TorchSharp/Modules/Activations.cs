using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules
{
    /// <summary>Gives its input back under a new handle.</summary>
    public sealed class Identity : ParameterLessModule<Tensor, Tensor>
    {
        internal Identity() : base(nameof(Identity))
        {
        }

        public override Tensor forward(Tensor tensor) => tensor.alias();
    }

    public sealed class ReLU : ParameterLessModule<Tensor, Tensor>
    {
        private readonly bool _inplace;

        internal ReLU(bool inplace) : base(nameof(ReLU)) => _inplace = inplace;

        public override Tensor forward(Tensor tensor) => F.relu(tensor, _inplace);
    }

    public sealed class LeakyReLU : ParameterLessModule<Tensor, Tensor>
    {
        private readonly double _negativeSlope;
        private readonly bool _inplace;

        internal LeakyReLU(double negativeSlope, bool inplace) : base(nameof(LeakyReLU)) =>
            (_negativeSlope, _inplace) = (negativeSlope, inplace);

        public override Tensor forward(Tensor tensor) => F.leaky_relu(tensor, _negativeSlope, _inplace);
    }

    public sealed class ELU : ParameterLessModule<Tensor, Tensor>
    {
        private readonly double _alpha;
        private readonly bool _inplace;

        internal ELU(double alpha, bool inplace) : base(nameof(ELU)) => (_alpha, _inplace) = (alpha, inplace);

        public override Tensor forward(Tensor tensor) => F.elu(tensor, _alpha, _inplace);
    }

    public sealed class GELU : ParameterLessModule<Tensor, Tensor>
    {
        internal GELU() : base(nameof(GELU))
        {
        }

        public override Tensor forward(Tensor tensor) => tensor.gelu();
    }

    public sealed class SiLU : ParameterLessModule<Tensor, Tensor>
    {
        internal SiLU() : base(nameof(SiLU))
        {
        }

        public override Tensor forward(Tensor tensor) => tensor.silu();
    }

    public sealed class Sigmoid : ParameterLessModule<Tensor, Tensor>
    {
        internal Sigmoid() : base(nameof(Sigmoid))
        {
        }

        public override Tensor forward(Tensor tensor) => tensor.sigmoid();
    }

    public sealed class Tanh : ParameterLessModule<Tensor, Tensor>
    {
        private readonly bool _inplace;

        internal Tanh(bool inplace) : base(nameof(Tanh)) => _inplace = inplace;

        public override Tensor forward(Tensor tensor) => F.tanh(tensor, _inplace);
    }

    /// <summary>log(1 + exp(βx)) / β; the identity where βx is above the threshold.</summary>
    public sealed class Softplus : ParameterLessModule<Tensor, Tensor>
    {
        private readonly double _beta;
        private readonly double _threshold;

        internal Softplus(double beta, double threshold) : base(nameof(Softplus)) => (_beta, _threshold) = (beta, threshold);

        public override Tensor forward(Tensor tensor) => F.softplus(tensor, _beta, _threshold);
    }

    public sealed class Softmax : ParameterLessModule<Tensor, Tensor>
    {
        private readonly long _dim;

        internal Softmax(long dim) : base(nameof(Softmax)) => _dim = dim;

        public override Tensor forward(Tensor tensor) => tensor.softmax(_dim);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Identity Identity() => new();

            public static Modules.ReLU ReLU(bool inplace = false) => new(inplace);

            public static Modules.LeakyReLU LeakyReLU(double negative_slope = 0.01, bool inplace = false) => new(negative_slope, inplace);

            public static Modules.ELU ELU(double alpha = 1, bool inplace = false) => new(alpha, inplace);

            public static Modules.GELU GELU() => new();

            public static Modules.SiLU SiLU() => new();

            public static Modules.Sigmoid Sigmoid() => new();

            public static Modules.Tanh Tanh(bool inplace = false) => new(inplace);

            public static Modules.Softplus Softplus(double beta = 1, double threshold = 20) => new(beta, threshold);

            public static Modules.Softmax Softmax(long dim) => new(dim);
        }
    }
}
