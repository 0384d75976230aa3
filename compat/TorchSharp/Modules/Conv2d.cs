using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules
{
    public sealed class Conv2d : Convolution
    {
        private readonly PaddingModes _paddingMode;

        internal Conv2d(ConvolutionShape shape, PaddingModes paddingMode, bool hasBias, Device? device, ScalarType? dtype)
            : base(nameof(Conv2d), shape, [shape.OutChannels, shape.InChannels / shape.Groups, .. shape.Kernel], hasBias, device, dtype) =>
            _paddingMode = paddingMode;

        public override Tensor forward(Tensor input)
        {
            RequireImages(input);
            if (_paddingMode == PaddingModes.Zeros)
                return F.conv2d(input, weight, bias, Shape.Stride, Shape.Padding, Shape.Dilation, Shape.Groups);

            using var padded = F.pad(input, Shape.PaddingAround, _paddingMode);
            return F.conv2d(padded, weight, bias, Shape.Stride, null, Shape.Dilation, Shape.Groups);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Conv2d Conv2d(
                long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                Conv2d(in_channels, out_channels, (kernel_size, kernel_size), (stride, stride), (padding, padding), (dilation, dilation), padding_mode, groups, bias, device, dtype);

            public static Modules.Conv2d Conv2d(
                long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null)
            {
                var shape = new Modules.ConvolutionShape(in_channels, out_channels, Array(kernel_size), Array(stride ?? (1, 1)), Array(padding ?? (0, 0)), Array(dilation ?? (1, 1)), groups);
                return new Modules.Conv2d(shape, padding_mode, bias, device, dtype);
            }

            private static long[] Array((long Height, long Width) sizes) => [sizes.Height, sizes.Width];
        }
    }
}
