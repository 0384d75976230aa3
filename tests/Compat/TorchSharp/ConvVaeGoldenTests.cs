using System.Text.Json;
using System.Text.Json.Serialization;
using TorchSharp.Modules;

namespace Compat.TorchSharp.Tests;

/// <summary>One training step against PyTorch's own numbers; Golden/conv_vae.py made them.</summary>
public sealed class ConvVaeGoldenTests
{
    private const double Tolerance = 1e-9;

    [Fact]
    public void Step_OfAConvVae_IsPyTorchs()
    {
        using var scope = NewDisposeScope();
        var golden = Read();
        using var model = new ConvVae();
        var images = Sines([5, 1, 8, 8], 0.5, 0.5) + 0.5;
        var noise = Sines([5, 3], 1.5, 1);

        var (logits, mean, logvar) = model.call(images, noise);
        var reconstruction = nn.functional.binary_cross_entropy_with_logits(logits, images, reduction: nn.Reduction.Sum);
        var kl = -0.5 * (1 + logvar - mean.pow(2) - logvar.exp()).sum();
        var gradients = autograd.grad([reconstruction + kl], [.. model.parameters()]);

        Assertions.Near([golden.Reconstruction, golden.Kl], [reconstruction.item<double>(), kl.item<double>()], Tolerance);
        Assert.Equal(golden.Gradients.Keys.Order(), model.named_parameters().Select(named => named.name).Order());
        foreach (var ((name, _), gradient) in model.named_parameters().Zip(gradients)) IsNear(golden.Gradients[name], gradient);
        Assert.Equal(golden.Buffers.Keys.Order(), model.named_buffers().Select(named => named.name).Order());
        foreach (var (name, buffer) in model.named_buffers()) Assertions.Near(golden.Buffers[name], buffer.Values(), Tolerance);
    }

    private static void IsNear(GoldenGradient golden, Tensor gradient)
    {
        var values = gradient.Values();

        Assertions.Near([golden.Sum, golden.Absolute], [values.Sum(), values.Sum(Math.Abs)], Tolerance);
        Assertions.Near(golden.First, values[..golden.First.Length], Tolerance);
    }

    private static GoldenStep Read()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Golden", "conv_vae.json"));
        return JsonSerializer.Deserialize<GoldenStep>(file)!;
    }

    private static Tensor Sines(long[] shape, double phase, double scale) =>
        scale * (0.7 * arange(shape.Aggregate((a, b) => a * b), ScalarType.Float64) + phase).sin().view(shape);

    private sealed record GoldenStep(
        [property: JsonPropertyName("reconstruction")] double Reconstruction,
        [property: JsonPropertyName("kl")] double Kl,
        [property: JsonPropertyName("gradients")] Dictionary<string, GoldenGradient> Gradients,
        [property: JsonPropertyName("buffers")] Dictionary<string, double[]> Buffers);

    private sealed record GoldenGradient(
        [property: JsonPropertyName("sum")] double Sum,
        [property: JsonPropertyName("absolute")] double Absolute,
        [property: JsonPropertyName("first")] double[] First);

    /// <summary>The model of conv_vae.py, with its fields' names.</summary>
    private sealed class ConvVae : nn.Module<Tensor, Tensor, (Tensor Logits, Tensor Mean, Tensor LogVariance)>
    {
#pragma warning disable IDE1006 // The fields' names are the keys of the golden data.
        private readonly Sequential encoder = nn.Sequential(
            nn.Conv2d(1, 4, 4, 2, 1), nn.BatchNorm2d(4), nn.LeakyReLU(0.2),
            nn.Conv2d(4, 8, 4, 2, 1), nn.BatchNorm2d(8), nn.LeakyReLU(0.2), nn.Flatten());
        private readonly Linear mean = nn.Linear(32, 3);
        private readonly Linear logvar = nn.Linear(32, 3);
        private readonly Linear expand = nn.Linear(3, 32);
        private readonly Sequential decoder = nn.Sequential(
            nn.Unflatten(1, [8, 2, 2]), nn.ConvTranspose2d(8, 4, 4, 2, 1), nn.BatchNorm2d(4), nn.ReLU(),
            nn.ConvTranspose2d(4, 1, 4, 2, 1));
#pragma warning restore IDE1006

        internal ConvVae() : base(nameof(ConvVae))
        {
            RegisterComponents();
            this.to(ScalarType.Float64);
            using var gradients = no_grad();
            foreach (var (parameter, number) in parameters().Select((parameter, number) => (parameter, number)))
                parameter.copy_(Sines(parameter.shape, number, 0.3));
        }

        public override (Tensor Logits, Tensor Mean, Tensor LogVariance) forward(Tensor input1, Tensor input2)
        {
            var features = encoder.call(input1);
            Tensor mu = mean.call(features), logVariance = logvar.call(features);
            var latent = mu + (logVariance / 2).exp() * input2;
            return (decoder.call(expand.call(latent)), mu, logVariance);
        }
    }
}
