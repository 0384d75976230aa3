using VaeCluster.Contracts.Specs;

namespace VaeCluster.Tests.Contracts.Specs;

public sealed class CanonicalFormTests
{
    [Theory]
    [InlineData("")]
    [InlineData("model.kind=mlp-2d")]
    [InlineData("model.kind=iwae-mlp;optimizer.kind=adamw;optimizer.weightDecay=0.01;optimizer.schedule.kind=cosine")]
    [InlineData("seed=9223372036854775807;optimizer.learningRate=0.1234567890123456;optimizer.epsilon=1e-300;objective.likelihood=gaussian;objective.sigma=0.3333333333333333")]
    [InlineData("resources.trainers.max=3;training.nonFinite=skip;resources.device=cuda;model.activation=leaky-relu;name=null")]
    [InlineData("data.source=idx;data.path=/data/É 'x' \"y\" <z> 😀 \\ #1: [a]")]
    [InlineData("data.source=idx;data.path='null'")]
    [InlineData("model.kind=conv28;objective.bound=iwae;objective.samples=50")]
    [InlineData("model.kind=conv64;objective.likelihood=gaussian;objective.sigmaMode=learned;objective.collapse.action=lower-beta")]
    [InlineData("model.kind=vq;objective.commitment=0.5")]
    [InlineData("objective.beta.schedule=cyclical;objective.beta.warmupSteps=5;objective.beta.period=9;objective.estimator=score-function")]
    [InlineData("data.source=idx;data.path='123'")]
    [InlineData("data.source=images;data.path=/data/faces;data.imageSize=64;data.crop=148;data.channels=3;data.badFiles=skip;data.binarize=threshold;data.threshold=0.1")]
    [InlineData("training.compression=int8")]
    [InlineData("training.compression=bf16")]
    [InlineData("data.source=npy;data.path=x.npz;data.array=imgs;data.layout=nchw;data.binarize=dynamic")]
    public void Write_ThenRead_IsTheSameSpec(string overrides)
    {
        var spec = Reading.Valid("", overrides.Split(';', StringSplitOptions.RemoveEmptyEntries));

        var written = RunSpecReader.Write(spec);
        var again = RunSpecReader.ReadCanonical(written);

        Assert.Equivalent(spec, again, strict: true);
        Assert.Equal(written, RunSpecReader.Write(again));
    }

    [Fact]
    public void Write_StatesEveryDefault() =>
        Assert.Equal("""
            {
              "name": "run",
              "seed": 1,
              "determinism": "strict",
              "data": {
                "source": "shapes",
                "files": "first",
                "train": 0,
                "test": 1000,
                "count": 10000,
                "imageSize": 28,
                "channels": 1,
                "crop": 0,
                "badFiles": "fail",
                "layout": "auto",
                "binarize": "none",
                "threshold": 0.5
              },
              "model": {
                "kind": "mlp-2d",
                "hidden": [
                  512
                ],
                "latent": 2,
                "activation": "relu",
                "codes": 128
              },
              "objective": {
                "bound": "elbo",
                "samples": 1,
                "estimator": "reparameterization",
                "likelihood": "bernoulli",
                "sigma": 1,
                "sigmaMode": "fixed",
                "mean": "identity",
                "freeBits": 0,
                "commitment": 0.25,
                "beta": {
                  "schedule": "constant",
                  "value": 1,
                  "warmupSteps": 0,
                  "period": 0,
                  "capacity": 0
                },
                "collapse": {
                  "action": "warn",
                  "threshold": 0.1,
                  "steps": 200,
                  "factor": 0.5
                }
              },
              "optimizer": {
                "kind": "adam",
                "learningRate": 0.001,
                "beta1": 0.9,
                "beta2": 0.999,
                "epsilon": 1E-08,
                "weightDecay": 0,
                "momentum": 0,
                "clipNorm": 0,
                "schedule": {
                  "kind": "constant",
                  "warmupSteps": 0,
                  "finalFraction": 0,
                  "stepEpochs": 10,
                  "stepFactor": 0.1,
                  "stepGrowth": 1
                },
                "outer": {
                  "kind": "nesterov",
                  "learningRate": 0.7,
                  "momentum": 0.9,
                  "innerState": "average"
                }
              },
              "training": {
                "epochs": 10,
                "batch": 128,
                "shards": 4,
                "localSteps": 1,
                "nonFinite": "fail",
                "compression": "none"
              },
              "resources": {
                "trainers": {
                  "min": 1,
                  "max": 4,
                  "backupAfter": 5
                },
                "device": "any",
                "threads": 1,
                "standby": "none",
                "parameterServers": 0
              },
              "checkpoint": {
                "every": "10s",
                "keep": 3
              },
              "logging": {
                "every": 10,
                "gridSide": 10
              },
              "evaluation": {
                "every": 0,
                "samples": 64
              },
              "ledger": {
                "hash": "checkpoints"
              }
            }
            """, RunSpecReader.Write(Reading.Valid("model: { kind: mlp-2d }")), ignoreLineEndingDifferences: true);

    [Fact]
    public void ReadCanonical_OfChangedText_SaysSo()
    {
        var e = Assert.Throws<InvalidOperationException>(() => RunSpecReader.ReadCanonical("{\"training\": {\"batch\": 0}}"));

        Assert.Equal("The stored spec has errors: training.batch is 0; it must be between 1 and 65536. Set it to a whole number such as 1. Another version wrote it, or it was edited.", e.Message);
    }

    [Theory]
    [InlineData("training:\n  batch: 8\n", "The stored spec is not JSON: ")]
    [InlineData("{\"seed\": 1, \"seed\": 2}", "The stored spec is not JSON: ")]
    [InlineData("{\"seed\": true}", "The stored spec has errors: seed is true; it must be a whole number")]
    [InlineData("[1]", "The stored spec has errors: The spec is a list; it must be a mapping of fields.")]
    public void ReadCanonical_OfOtherText_SaysWhatItIs(string text, string start)
    {
        var e = Assert.Throws<InvalidOperationException>(() => RunSpecReader.ReadCanonical(text));

        Assert.StartsWith(start, e.Message, StringComparison.Ordinal);
        Assert.EndsWith("Another version wrote it, or it was edited.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Examples_AreValid()
    {
        var folder = Path.Combine(RepositoryRoot(), "examples");
        var examples = Directory.GetFiles(folder, "*.yaml");

        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var text = File.ReadAllText(example);
            // Those of files ask for the folder in their first lines.
            Reading.Valid(text, text.Contains("--set data.path=", StringComparison.Ordinal) ? ["data.path=/data/mnist"] : []);
        }
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "VaeCluster.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No VaeCluster.sln stands above {AppContext.BaseDirectory}.");
    }
}
