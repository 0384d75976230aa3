using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What convolutions share: a weight, perhaps a bias, and how the kernel moves.</summary>
public abstract class Convolution : nn.Module<Tensor, Tensor>
{
    private protected Convolution(string name, ConvolutionShape shape, long[] weightSizes, bool hasBias, Device? device, ScalarType? dtype) : base(name)
    {
        Shape = shape;
        weight = empty(weightSizes, dtype, device).AsParameter();
        if (hasBias) bias = empty(shape.OutChannels, dtype, device).AsParameter();
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

    private protected ConvolutionShape Shape { get; }

    /// <exception cref="ArgumentException">It is no image, or no batch of images, of the right channels.</exception>
    private protected void RequireImages(Tensor input)
    {
        var sizes = input.shape;
        var isBatch = sizes.Length == 4 && sizes[1] == Shape.InChannels;
        var isImage = sizes.Length == 3 && sizes[0] == Shape.InChannels;
        if (!isBatch && !isImage)
            throw new ArgumentException($"Expected 3D (unbatched) or 4D (batched) input with {Shape.InChannels} channels to {GetName()}, but got [{string.Join(", ", sizes)}].");
    }
}

/// <summary>The sizes of a convolution, height before width.</summary>
internal sealed record ConvolutionShape(long InChannels, long OutChannels, long[] Kernel, long[] Stride, long[] Padding, long[] Dilation, long Groups)
{
    internal long[] OutputPadding { get; init; } = [0, 0];

    /// <summary>What <c>pad</c> takes to widen the input beforehand, where the padding is not of zeros.</summary>
    internal long[] PaddingAround => [Padding[1], Padding[1], Padding[0], Padding[0]];
}
