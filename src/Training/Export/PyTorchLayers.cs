using System.Globalization;
using VaeCluster.Contracts.Architectures;

namespace VaeCluster.Training.Export;

/// <summary>Says each kind of layer in Python, with PyTorch's modules.</summary>
internal static class PyTorchLayers
{
    /// <summary>Assignments that build the named layers, one or more lines each.</summary>
    public static IEnumerable<string> Fields(IEnumerable<Layer> layers)
    {
        foreach (var layer in layers)
        {
            if (layer is NamedLayer named)
                yield return $"self.{named.Name} = {Module(named.Inner, 2)}";
            else if (layer is ResidualLayer residual)
                yield return $"self.{residual.Inner.Name} = {Module(residual.Inner.Inner, 2)}";
            else if (layer is QuantizationLayer quantization)
                yield return $"self.{quantization.Name} = nn.Embedding({quantization.Codes}, {quantization.Length})";
        }
    }

    /// <summary>Statements that take <c>x</c> through the layers.</summary>
    public static IEnumerable<string> Steps(IEnumerable<Layer> layers) => layers.Select(layer => layer switch
    {
        NamedLayer named => $"x = self.{named.Name}(x)",
        ResidualLayer residual => $"x = x + self.{residual.Inner.Name}(x)",
        ReshapeLayer reshape => $"x = x.reshape(-1, {string.Join(", ", reshape.Axes)})",
        PermuteLayer permute => $"x = x.permute({string.Join(", ", permute.Axes)})",
        FlattenLayer => "x = x.flatten(1)",
        AffineLayer affine => $"x = x * {Number(affine.Factor)} + {Number(affine.Term)}",
        QuantizationLayer q => $"x = self.{q.Name}((self.{q.Name}.weight.square().sum(1) - 2 * x @ self.{q.Name}.weight.t()).argmin(-1))",
        ActivationLayer activation => $"x = {Module(activation, 0)}(x)",
        _ => throw new ArgumentOutOfRangeException(nameof(layers), layer, "A layer with parameters needs a name."),
    });

    private static string Module(Layer layer, int depth) => layer switch
    {
        LinearLayer l => $"nn.Linear({l.From}, {l.To})",
        ConvolutionLayer c => $"nn.Conv2d({c.From}, {c.To}, {c.Kernel}, stride={c.Stride}, padding={c.Padding})",
        TransposedConvolutionLayer c =>
            $"nn.ConvTranspose2d({c.From}, {c.To}, {c.Kernel}, stride={c.Stride}, padding={c.Padding}, output_padding={c.OutputPadding})",
        NormalizationLayer n => $"nn.BatchNorm2d({n.Channels})",
        ActivationLayer a => Activation(a.Kind),
        FlattenLayer => "nn.Flatten()",
        StackLayer s => $"nn.Sequential(\n{string.Concat(s.Children.Select(child => $"{Indent(depth + 1)}{Module(child, depth + 1)},\n"))}{Indent(depth)})",
        _ => throw ExportedModel.UnknownLayer(layer, "PyTorch"),
    };

    private static string Activation(ActivationKind kind) => kind switch
    {
        ActivationKind.Relu => "nn.ReLU()",
        ActivationKind.Tanh => "nn.Tanh()",
        ActivationKind.LeakyRelu => "nn.LeakyReLU(0.01)",
        ActivationKind.Elu => "nn.ELU()",
        ActivationKind.Gelu => "nn.GELU()",
        ActivationKind.Silu => "nn.SiLU()",
        ActivationKind.Softplus => "nn.Softplus()",
        ActivationKind.Sigmoid => "nn.Sigmoid()",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such activation."),
    };

    private static string Indent(int depth) => new(' ', 4 * depth);

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
