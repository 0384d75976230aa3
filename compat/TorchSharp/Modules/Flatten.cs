using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>All dimensions but the batch in one, unless told otherwise.</summary>
    public sealed class Flatten : ParameterLessModule<Tensor, Tensor>
    {
        private readonly long _startDim;
        private readonly long _endDim;

        internal Flatten(long startDim, long endDim) : base(nameof(Flatten)) => (_startDim, _endDim) = (startDim, endDim);

        public override Tensor forward(Tensor input) => input.flatten(_startDim, _endDim);
    }

    /// <summary>One dimension in several.</summary>
    public sealed class Unflatten : ParameterLessModule<Tensor, Tensor>
    {
        private readonly long _dim;
        private readonly long[] _unflattenedSize;

        internal Unflatten(long dim, long[] unflattenedSize) : base(nameof(Unflatten)) => (_dim, _unflattenedSize) = (dim, unflattenedSize);

        public override Tensor forward(Tensor tensor) => tensor.unflatten(_dim, _unflattenedSize);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Flatten Flatten(long start_dim = 1, long end_dim = -1) => new(start_dim, end_dim);

            public static Modules.Unflatten Unflatten(long dim, long[] unflattened_size) => new(dim, unflattened_size);
        }
    }
}
