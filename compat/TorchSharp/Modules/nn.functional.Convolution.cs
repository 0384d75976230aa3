using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Convolutions and what goes with them. Images are [batch, channels, height, width].
        public static partial class functional
        {
            private static readonly long[] Zeros2d = [0, 0];
            private static readonly long[] Ones2d = [1, 1];

            public static Tensor conv2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Aten.Conv2d.Call(input, weight, bias, strides ?? Ones2d, padding ?? Zeros2d, dilation ?? Ones2d, groups);

            public static Tensor conv_transpose2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? output_padding = null, long[]? dilation = null, long groups = 1) =>
                Aten.ConvTranspose2dInput.Call(input, weight, bias, strides ?? Ones2d, padding ?? Zeros2d, output_padding ?? Zeros2d, groups, dilation ?? Ones2d);

            public static Tensor max_pool2d(
                Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                Aten.MaxPool2d.Call(input, kernel_size, strides ?? kernel_size, padding ?? Zeros2d, dilation ?? Ones2d, ceil_mode);

            public static Tensor max_pool2d(
                Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, [kernel_size, kernel_size], Pair(stride), Pair(padding), Pair(dilation), ceil_mode);

            public static Tensor avg_pool2d(
                Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                Aten.AvgPool2d.Call(input, kernel_size, stride ?? kernel_size, padding ?? Zeros2d, ceil_mode, count_include_pad, divisor_override);

            public static Tensor avg_pool2d(
                Tensor input, long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                avg_pool2d(input, [kernel_size, kernel_size], Pair(stride), [padding, padding], ceil_mode, count_include_pad, divisor_override);

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size) => Aten.AdaptiveAvgPool2d.Call(input, output_size);

            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) =>
                adaptive_avg_pool2d(input, [output_size, output_size]);

            /// <param name="input">What is padded.</param>
            /// <param name="pad">Before and after the last dimension, then before and after the one before it, and so on.</param>
            /// <param name="mode">What the new elements are.</param>
            /// <param name="value">Their value in the constant mode.</param>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => mode switch
            {
                PaddingModes.Constant => Aten.Pad.Call(input, pad, "constant", value),
                PaddingModes.Zeros => Aten.Pad.Call(input, pad, "constant", 0.0),
                _ => Aten.Pad.Call(input, pad, mode.ToString().ToLowerInvariant()),
            };

            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, pad.ToArray(), mode, value);

            private static long[]? Pair(long? size) => size is { } some ? [some, some] : null;
        }
    }
}
