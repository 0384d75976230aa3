using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Resizing of images.
        public static partial class functional
        {
            /// <param name="x">[batch, channels, height, width].</param>
            /// <param name="size">The new height and width; either this or the next.</param>
            /// <param name="scale_factor">By how much each grows.</param>
            /// <param name="mode">How elements between those of <paramref name="x"/> come about.</param>
            /// <param name="align_corners">Whether the corners of both images are the same points; not for the nearest mode.</param>
            /// <param name="recompute_scale_factor">Whether the factor is taken anew from the rounded sizes.</param>
            /// <param name="antialias">Only the newer of the supported versions has it, so it is refused.</param>
            public static Tensor interpolate(
                Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null, bool recompute_scale_factor = false, bool antialias = false)
            {
                if (antialias) throw new NotSupportedException("interpolate with antialias is not supported; leave it false.");
                if ((size is null) == (scale_factor is null)) throw new ArgumentException("One of size and scale_factor has to be given, and not both.");
                if (mode == InterpolationMode.Nearest && align_corners is not null)
                    throw new ArgumentException("align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear");
                if (recompute_scale_factor && scale_factor is not null) (size, scale_factor) = (SizesOf(x, scale_factor), null);

                return (mode, x.Dimensions) switch
                {
                    (InterpolationMode.Nearest, 4) => Aten.UpsampleNearest2dVec.Call(x, size, scale_factor),
                    (InterpolationMode.Bilinear, 4) => Aten.UpsampleBilinear2dVec.Call(x, size, align_corners ?? false, scale_factor),
                    (InterpolationMode.Bicubic, 4) => Aten.UpsampleBicubic2dVec.Call(x, size, align_corners ?? false, scale_factor),
                    _ => throw new NotSupportedException($"Mode {mode} of a tensor with {x.Dimensions} dimensions is not supported; Nearest, Bilinear and Bicubic of 4 dimensions are."),
                };
            }

            private static long[] SizesOf(Tensor x, double[] factors)
            {
                var shape = x.shape;
                return [.. factors.Select((factor, i) => (long)Math.Floor(shape[i + 2] * factor))];
            }
        }
    }
}
