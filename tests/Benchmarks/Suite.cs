using VaeCluster.Benchmarks.Probes;
using VaeCluster.Benchmarks.Results;
using VaeCluster.Benchmarks.Workloads;

namespace VaeCluster.Benchmarks;

/// <summary>
/// What is measured, each figure of ours beside those that it is compared with, and the rows that are made of the figures.
/// </summary>
internal static class Suite
{
    private const string Plain1 = "plain TorchSharp loop, 1 thread";
    private const string Plain2 = "plain TorchSharp loop, 2 threads";
    private const string PyTorch1 = "PyTorch, 1 thread";
    private const string PyTorch2 = "PyTorch, 2 threads";

    private static readonly string[] OneSlot = ["cpu:1"];
    private static readonly string[] TwoSlots = ["cpu:2"];
    private static readonly string[] TwoSilos = ["cpu:1", "cpu:1"];

    /// <summary>In the order in which a round takes them.</summary>
    public static IReadOnlyList<Probe> Probes { get; } =
    [
        new TrainingProbe("mlp-1", "mlp", OneSlot, 128),
        Plain("plain-mlp-1", "mlp", 128, 1),
        new WorkloadProbe("products", new(MatrixProducts.Name)),
        new PyTorchProbe("pytorch-mlp-1", "mlp", 128, 1),
        new TrainingProbe("mlp-2", "mlp", TwoSlots, 256),
        Plain("plain-mlp-2", "mlp", 256, 2),
        new PyTorchProbe("pytorch-mlp-2", "mlp", 256, 2),
        new TrainingProbe("mlp-silos", "mlp", TwoSilos, 256),
        new PyTorchProbe("ddp", "mlp", 128, 1, processes: 2),
        new TrainingProbe("conv28", "conv28", TwoSlots, 128),
        Plain("plain-conv28", "conv28", 128, 2),
        new PyTorchProbe("pytorch-conv28", "conv28", 128, 2),
        new TrainingProbe("conv64", "conv64", TwoSlots, 64),
        Plain("plain-conv64", "conv64", 64, 2),
        new PyTorchProbe("pytorch-conv64", "conv64", 64, 2),
        new TrainingProbe("vq", "vq", TwoSlots, 128),
        Plain("plain-vq", "vq", 128, 2),
        new WorkloadProbe("server", new(ParameterServerPath.Name)) { LikeASilo = true },
        new WorkloadProbe("copy", new(MemoryCopy.Name)) { LikeASilo = true },
        new TrainingProbe("step-1", "mlp", TwoSlots, 2) { CountsSteps = true },
        new TrainingProbe("step-2", "mlp", TwoSilos, 2) { CountsSteps = true },
        new WorkloadProbe("step-gradient", new(PlainGradient.Name, Batch: 1)),
        new TrainingProbe("checkpoints", "mlp", OneSlot, 128, "checkpoint.every=10s") { SecondsMin = 20 },
        new TrainingProbe("no-checkpoints", "mlp", OneSlot, 128, "checkpoint.every=0") { SecondsMin = 20 },
        new StartProbe("ready", "first-step", "list"),
        new WorkloadProbe("data", new(DataPipeline.Name)) { LikeASilo = true },
        new EvaluationProbe("evaluation", samples: 1000, examples: 256),
    ];

    /// <summary>In the order of the table.</summary>
    public static IReadOnlyList<BenchmarkRow> Rows { get; } =
    [
        Training("mlp", "mlp, one trainer, batch 128", "mlp-1", "plain-mlp-1", Plain1, 1.45),
        Training("mlp-floor", "mlp, one trainer, batch 128", "mlp-1", "products", "the step's matrix products alone, 1 thread", 0.5),
        Training("mlp-pytorch", "mlp, one trainer, batch 128", "mlp-1", "pytorch-mlp-1", PyTorch1),
        Training("mlp-two", "mlp, two trainers in one silo, batch 256", "mlp-2", "plain-mlp-2", Plain2, 1.5),
        Training("mlp-two-pytorch", "mlp, two trainers in one silo, batch 256", "mlp-2", "pytorch-mlp-2", PyTorch2),
        Training("mlp-silos", "mlp, two silos, batch 256", "mlp-silos", "ddp", "PyTorch DDP over gloo, 2 x 1 thread", 2.0),
        Training("scaling", "mlp, two silos, batch 256", "mlp-silos", "mlp-1", "one trainer, batch 128", 1.7),
        Training("conv28", "conv28, two trainers in one silo, batch 128", "conv28", "plain-conv28", Plain2, 1.3),
        Training("conv28-pytorch", "conv28, two trainers in one silo, batch 128", "conv28", "pytorch-conv28", PyTorch2),
        Training("conv64", "conv64, two trainers in one silo, batch 64", "conv64", "plain-conv64", Plain2, 1.6),
        Training("conv64-pytorch", "conv64, two trainers in one silo, batch 64", "conv64", "pytorch-conv64", PyTorch2),
        Training("vq", "vq, two trainers in one silo, batch 128", "vq", "plain-vq", Plain2),
        new("server", "parameter server: push, reduce, update, publish", Quantity.GigabytesPerSecond, "server", "copy",
            "memory copy of the bytes it must move", 0.5),
        new("step", "step of a tiny batch, 3.3 MB of weights, one silo of two trainers", Quantity.MillisecondsPerStep, "step-1"),
        new("step-silos", "step of a tiny batch, 3.3 MB of weights, two silos", Quantity.MillisecondsPerStep, "step-2", Target: 2),
        new("step-gradient", "the gradient of one example alone (plain TorchSharp)", Quantity.MillisecondsPerStep, "step-gradient",
            "step-1", "such a step in one silo"),
        Training("checkpoint", "mlp, one trainer, a checkpoint every 10 s", "checkpoints", "no-checkpoints", "no checkpoints", 0.98),
        new("list", "vaectl list", Quantity.Seconds, "list", Target: 0.15),
        new("ready", "silo from its start until it is ready, libtorch loaded", Quantity.Seconds, "ready", Target: 3),
        new("first-step", "silo from its start until a run's first step", Quantity.Seconds, "first-step"),
        Training("data", "data pipeline with noise, 1 thread", "data", "mlp-1", "what one trainer takes (mlp)"),
        new("evaluation", "evaluation of mlp with 1000 importance samples, two trainers", Quantity.ExamplesPerSecond, "evaluation"),
    ];

    private static WorkloadProbe Plain(string figure, string model, int batch, int threads) =>
        new(figure, new(PlainLoop.Name, model, batch, threads));

    private static BenchmarkRow Training(
        string name, string title, string figure, string against, string againstTitle, double? target = null) =>
        new(name, title, Quantity.SamplesPerSecond, figure, against, againstTitle, target);
}
