using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Normalises each channel by the batch in training, and by the running statistics in evaluation.</summary>
    public abstract class BatchNorm : NormBase
    {
        private protected BatchNorm(string name, NormOptions options, Device? device, ScalarType? dtype) : base(name, options, device, dtype)
        {
        }

        public override Tensor forward(Tensor input)
        {
            RequireDimensions(input);
            if (training) num_batches_tracked?.add_(1);

            var usesBatch = training || !Options.TracksStatistics;
            return nn.functional.batch_norm(input, running_mean, running_var, weight, bias, usesBatch, Options.Momentum, Options.Epsilon);
        }

        private protected abstract void RequireDimensions(Tensor input);
    }

    public sealed class BatchNorm1d : BatchNorm
    {
        internal BatchNorm1d(NormOptions options, Device? device, ScalarType? dtype) : base(nameof(BatchNorm1d), options, device, dtype)
        {
        }

        private protected override void RequireDimensions(Tensor input)
        {
            if (input.ndim is not (2 or 3)) throw new ArgumentException($"expected 2D or 3D input, but got {input.ndim}D input.");
        }
    }

    public sealed class BatchNorm2d : BatchNorm
    {
        internal BatchNorm2d(NormOptions options, Device? device, ScalarType? dtype) : base(nameof(BatchNorm2d), options, device, dtype)
        {
        }

        private protected override void RequireDimensions(Tensor input)
        {
            if (input.ndim != 4) throw new ArgumentException($"expected 4D input, but got {input.ndim}D input.");
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.BatchNorm1d BatchNorm1d(
                long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(new Modules.NormOptions(num_features, eps, momentum, affine, track_running_stats), device, dtype);

            public static Modules.BatchNorm2d BatchNorm2d(
                long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(new Modules.NormOptions(num_features, eps, momentum, affine, track_running_stats), device, dtype);
        }
    }
}
