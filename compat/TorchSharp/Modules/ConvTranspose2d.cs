using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules
{
    /// <summary>The gradient of a convolution with respect to its input, used as a layer that enlarges.</summary>
    public abstract class ConvolutionTranspose : Convolution
    {
        private protected ConvolutionTranspose(string name, ConvolutionShape shape, bool hasBias, Device? device, ScalarType? dtype)
            : base(name, shape, [shape.InChannels, shape.OutChannels / shape.Groups, .. shape.Kernel], hasBias, device, dtype)
        {
        }

        public override Tensor forward(Tensor input)
        {
            RequireImages(input);
            return F.conv_transpose2d(input, weight, bias, Shape.Stride, Shape.Padding, Shape.OutputPadding, Shape.Dilation, Shape.Groups);
        }
    }

    public sealed class ConvTranspose2d : ConvolutionTranspose
    {
        internal ConvTranspose2d(ConvolutionShape shape, bool hasBias, Device? device, ScalarType? dtype)
            : base(nameof(ConvTranspose2d), shape, hasBias, device, dtype)
        {
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ConvTranspose2d ConvTranspose2d(
                long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long output_padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null)
            {
                if (padding_mode != PaddingModes.Zeros) throw new ArgumentException("Only PaddingModes.Zeros is supported for ConvTransposeND", nameof(padding_mode));

                var shape = new Modules.ConvolutionShape(in_channels, out_channels, [kernel_size, kernel_size], [stride, stride], [padding, padding], [dilation, dilation], groups)
                {
                    OutputPadding = [output_padding, output_padding],
                };
                return new Modules.ConvTranspose2d(shape, bias, device, dtype);
            }
        }
    }
}
