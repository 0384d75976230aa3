namespace VaeCluster.Client.Reproductions;

/// <summary>The figures that <c>vaectl reproduce</c> knows.</summary>
internal static class KnownReproductions
{
    private const string PeerRange =
        "the range of PyTorch over its seeds, widened on both sides by a quarter of its width and at least half a nat (docs/reproducing.md)";

    /// <summary>Eight stages of 3^i passes at 0.001 * 10^(-i/7), 3,280 passes in all (Burda et al. 2016, section 5).</summary>
    private static readonly string[] BurdaOptimizer =
    [
        "training.batch=20", "training.epochs=3280", "optimizer.epsilon=0.0001",
        "optimizer.schedule.kind=step", "optimizer.schedule.stepEpochs=1", "optimizer.schedule.stepGrowth=3", "optimizer.schedule.stepFactor=0.719685673001152",
    ];

    private static readonly string[] Digits = ["data.source=idx", "data.test=1000"];

    private static readonly string[] AllDigits = ["data.source=idx", "data.files=all", "data.test=10000"];

    /// <summary>Short ones first.</summary>
    public static IReadOnlyList<Reproduction> All { get; } =
    [
        new("mnist-mlp", "The fully connected VAE 784-512-20 on ten thousand digits", "Adam at 0.001, batches of 128, 15 epochs",
            [.. Digits, "training.epochs=15", "training.batch=128"])
        {
            Expected = [new(Figure.NegativeElbo, 115.5, 117.4)],
            Why = PeerRange,
        },
        new("mnist-mlp-2d", "The same with two latent dimensions", "Adam at 0.001, batches of 128, 15 epochs",
            [.. Digits, "model.kind=mlp-2d", "training.epochs=15", "training.batch=128"])
        {
            Expected = [new(Figure.NegativeElbo, 163.1, 170.1)],
            Why = PeerRange,
        },
        new(
            "mnist-conv28-2d",
            "The convolutional VAE with two latent dimensions on ten thousand digits",
            "Adam at 0.001, batches of 100, 15 epochs",
            [.. Digits, "model.kind=conv28", "training.epochs=15", "training.batch=100"])
        {
            Expected = [new(Figure.NegativeElbo, 168.8, 176.4)],
            Why = PeerRange,
        },
        new("mnist-conv28", "The same with twenty latent dimensions", "Adam at 0.001, batches of 100, 15 epochs",
            [.. Digits, "model.kind=conv28", "model.latent=20", "training.epochs=15", "training.batch=100"])
        {
            Expected = [new(Figure.NegativeElbo, 111.5, 114.2)],
            Why = PeerRange,
        },
        new(
            "mnist-conv28-2d-squares",
            "The convolutional VAE with two latent dimensions, trained by summed squared error + 0.01 KL",
            "Adam at 0.001, batches of 100, 15 epochs",
            [
                .. Digits, "model.kind=conv28", "objective.likelihood=gaussian", "objective.mean=sigmoid",
                "objective.sigma=0.7071067811865476", "objective.beta.value=0.01", "training.epochs=15", "training.batch=100",
            ])
        {
            Expected = [new(Figure.SquaredError, 38.5, 41.5), new(Figure.Kl, 14.4, 21.7)],
            Why = PeerRange,
        },
        new(
            "burda-vae-k1-short",
            "The VAE of Burda et al. 2016 on ten thousand dynamically binarised digits",
            "Adam at 0.001, batches of 100, 30 epochs",
            [.. Digits, "data.binarize=dynamic", "model.kind=iwae-mlp", "training.batch=100", "training.epochs=30"])
        {
            Expected = [new(Figure.NegativeLogLikelihood, 116.6, 119.2)],
            Why = PeerRange,
            Samples = 1000,
        },
        new(
            "burda-iwae-k5-short",
            "The same model, trained by the IWAE bound with five samples",
            "Adam at 0.001, batches of 100, 30 epochs",
            [.. Digits, "data.binarize=dynamic", "model.kind=iwae-mlp", .. Bound(5), "training.batch=100", "training.epochs=30"])
        {
            Expected = [new(Figure.NegativeLogLikelihood, 112.2, 115.0)],
            Why = PeerRange,
            Samples = 1000,
        },
        new(
            "pythae-vae-short",
            "The VAE 784-400-40 of pythae on ten thousand digits that are binarised once",
            "Adam at 0.001, batches of 100, 30 epochs",
            [.. Digits, "data.binarize=static", "model.hidden=[400]", "model.latent=40", "training.batch=100", "training.epochs=30"])
        {
            Expected = [new(Figure.NegativeLogLikelihood, 102.3, 104.1)],
            Why = PeerRange,
            Samples = 1000,
        },
        Burda("burda-vae-k1", "VAE, one stochastic layer: Burda et al. 2016, table 1", 1, 86.76),
        Burda("burda-iwae-k5", "IWAE with five samples, one stochastic layer: Burda et al. 2016, table 1", 5, 85.54),
        Burda("burda-iwae-k50", "IWAE with fifty samples, one stochastic layer: Burda et al. 2016, table 1", 50, 84.78),
        new(
            "pythae-vae",
            "VAE 784-400-40 on digits that are binarised once, as pythae reports it",
            "Adam at 0.001, batches of 100, 200 epochs (pythae does not state its schedule)",
            [.. AllDigits, "data.binarize=static", "model.hidden=[400]", "model.latent=40", "training.batch=100", "training.epochs=200"])
        {
            Expected = [new(Figure.NegativeLogLikelihood, 88.78, 90.78)],
            Why = "pythae's 89.78, within 1 because neither its schedule nor its binarised files are known here",
            Samples = 200,
            NeedsFullSet = true,
        },
    ];

    private static Reproduction Burda(string name, string title, int samples, double figure) =>
        new(
            name,
            title,
            "Adam (epsilon 0.0001), batches of 20; eight stages of 1, 3, ... 2,187 epochs at 0.001 * 10^(-i/7), 3,280 epochs in all",
            [.. AllDigits, "data.binarize=dynamic", "model.kind=iwae-mlp", .. Bound(samples), .. BurdaOptimizer])
        {
            Expected = [new(Figure.NegativeLogLikelihood, figure - 0.5, figure + 0.5)],
            Why = $"the paper's {figure.ToString(System.Globalization.CultureInfo.InvariantCulture)}, within 0.5",
            Samples = 5000,
            NeedsFullSet = true,
        };

    private static string[] Bound(int samples) => samples == 1 ? [] : ["objective.bound=iwae", $"objective.samples={samples}"];
}
