using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Grains.Runs;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Optimizers;

namespace VaeCluster.Grains.Tests.Runs;

/// <summary>Which specs may continue from a checkpoint of another run.</summary>
public sealed class RunForksTests
{
    private static readonly DataDescription Data = new(1, 4, 4, 100, 0, "");

    [Theory]
    [InlineData("training.localSteps=2", "training.localSteps=2")]
    [InlineData(
        "training.localSteps=2 optimizer.outer.innerState=reset",
        "training.localSteps=2 optimizer.outer.innerState=reset optimizer.kind=sgd optimizer.outer.momentum=0.5")]
    [InlineData("training.localSteps=2", "training.localSteps=2 optimizer.learningRate=0.5 optimizer.outer.momentum=0.5")]
    [InlineData("", "training.epochs=20")]
    public void Check_OfWhatCanContinue_IsEmpty(string source, string spec) => Assert.Empty(RunForks.Check(ForkOf(source), SpecOf(spec), Data));

    [Theory]
    [InlineData("", "training.localSteps=2", "training.localSteps is 2, and that of run source-1 is 1; the steps of its checkpoints take so many batches, and its optimizer keeps state for them. Set training.localSteps to 1, or start without --from.")]
    [InlineData("training.localSteps=2", "training.localSteps=4", "training.localSteps is 4, and that of run source-1 is 2; the steps of its checkpoints take so many batches, and its optimizer keeps state for them. Set training.localSteps to 2, or start without --from.")]
    [InlineData("training.localSteps=2", "training.localSteps=2 optimizer.outer.innerState=reset", "optimizer.outer.innerState is reset, and that of run source-1 is average; continuing requires the same state. Use its optimizer.outer.innerState, or start without --from.")]
    [InlineData("training.localSteps=2", "training.localSteps=2 optimizer.kind=sgd", "optimizer.kind is sgd, which keeps other state than that of run source-1; continuing requires the same state. Use its optimizer section, or start without --from.")]
    [InlineData("", "optimizer.kind=sgd", "optimizer.kind is sgd, which keeps other state than that of run source-1; continuing requires the same state. Use its optimizer section, or start without --from.")]
    public void Check_OfWhatCannotContinue_SaysWhy(string source, string spec, string error) =>
        Assert.Equal(error, Assert.Single(RunForks.Check(ForkOf(source), SpecOf(spec), Data)).ToString());

    private static RunFork ForkOf(string settings)
    {
        var spec = SpecOf(settings);
        var state = new TrainingState { Step = 1, Updates = 1, Weights = [], Optimizer = [] };
        return new(new RunOrigin("source-1", 1, ""), RunSpecReader.Write(spec), ModelLayout.Of(spec, Data), UpdateRules.For(spec).StateNames, state);
    }

    private static RunSpec SpecOf(string settings) =>
        RunSpecReader.Read("", ["model.hidden=[3]", "model.latent=1", "training.batch=10", .. settings.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).Spec!;
}
