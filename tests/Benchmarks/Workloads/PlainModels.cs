using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VaeCluster.Benchmarks.Workloads;

/// <summary>The product's models as modules of TorchSharp, each with its loss as the output: the layers of docs/models.</summary>
internal static class PlainModels
{
    /// <summary>A model.</summary>
    /// <param name="name">mlp, conv28, conv64 or vq.</param>
    /// <returns>The model, and the shape of one example.</returns>
    public static (nn.Module<Tensor, Tensor> Model, long[] Shape) Create(string name) => name switch
    {
        "mlp" => (new PlainVae(Mlp(784, 512, 40), Mlp(20, 512, 784), isBernoulli: true), [784]),
        "conv28" => (new PlainVae(Conv28Encoder(), Conv28Decoder(), isBernoulli: true), [1, 28, 28]),
        "conv64" => (new PlainVae(Conv64Encoder(), Conv64Decoder(), isBernoulli: false), [3, 64, 64]),
        "vq" => (new PlainVq(), [1, 28, 28]),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such model."),
    };

    private static Sequential Mlp(int from, int hidden, int to) => nn.Sequential(nn.Linear(from, hidden), nn.ReLU(), nn.Linear(hidden, to));

    private static Sequential Conv28Encoder() => nn.Sequential(
        nn.Conv2d(1, 32, 3, 2, 1), nn.ReLU(), nn.Conv2d(32, 64, 3, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(3136, 40));

    private static Sequential Conv28Decoder() => nn.Sequential(
        nn.Linear(20, 3136), nn.ReLU(), nn.Unflatten(1, [64, 7, 7]),
        nn.ConvTranspose2d(64, 32, 3, 2, 1, 1), nn.ReLU(), nn.ConvTranspose2d(32, 1, 3, 2, 1, 1));

    private static Sequential Conv64Encoder() => nn.Sequential(
        Down(3, 32), Down(32, 64), Down(64, 128), Down(128, 256), Down(256, 512), nn.Flatten(), nn.Linear(2048, 256));

    private static Sequential Conv64Decoder() => nn.Sequential(
        nn.Linear(128, 2048), nn.Unflatten(1, [512, 2, 2]),
        Up(512, 256), Up(256, 128), Up(128, 64), Up(64, 32), Up(32, 32), nn.Conv2d(32, 3, 3, 1, 1), nn.Tanh());

    private static Sequential Down(int from, int to) => nn.Sequential(nn.Conv2d(from, to, 3, 2, 1), nn.BatchNorm2d(to), nn.LeakyReLU(0.01));

    private static Sequential Up(int from, int to) =>
        nn.Sequential(nn.ConvTranspose2d(from, to, 3, 2, 1, 1), nn.BatchNorm2d(to), nn.LeakyReLU(0.01));
}
