using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Grains.Runs;

namespace VaeCluster.Grains.Tests.Runs;

public sealed class CollapseWatchTests
{
    [Fact]
    public void Take_KlBelowTheThreshold_SaysSoOnce_AndThatItIsBack()
    {
        var watch = Watch();

        Assert.Empty(watch.Take(Steps(1, 10, 5)));
        Assert.Empty(watch.Take(Steps(11, 19, 0.01)));
        var collapsed = Assert.Single(watch.Take(Steps(20, 35, 0.01)));
        var recovered = Assert.Single(watch.Take(Steps(36, 60, 2)));

        Assert.Equal((RunReasons.PosteriorCollapsed, "The mean KL of steps 11 to 20 is 0.01 nats per example, below objective.collapse.threshold (0.1): the posterior carries almost no information about its example. Try a warm-up of beta, a lower one, or objective.collapse.action=lower-beta."), collapsed);
        Assert.Equal((RunReasons.PosteriorRecovered, "The mean KL of steps 31 to 40 is 1.01 nats per example again."), recovered);
        Assert.False(watch.IsCollapsed);
    }

    [Fact]
    public void Take_WhereBetaIsLowered_SaysHow() =>
        Assert.EndsWith(" Beta is multiplied by 0.5 every 10 steps while this lasts.", Assert.Single(Watch("objective.collapse.action=lower-beta").Take(Steps(1, 10, 0))).Message, StringComparison.Ordinal);

    [Fact]
    public void Take_StepsComeAgainAfterAReplay_CountOnce()
    {
        var watch = Watch();
        watch.Take(Steps(1, 9, 0));

        Assert.Empty(watch.Take(Steps(4, 9, 0)));
        Assert.Single(watch.Take(Steps(4, 10, 0)));
        Assert.True(watch.IsCollapsed);
    }

    [Fact]
    public void Take_StepsWhoseBeginningWasMissed_AreNotChecked()
    {
        var watch = Watch();

        Assert.Empty(watch.Take(Steps(5, 10, 0)));
        Assert.Single(watch.Take(Steps(11, 20, 0)));
    }

    [Fact]
    public void Take_KnownCollapse_IsNotToldAgain() =>
        Assert.Empty(Watch(Spec(), isCollapsed: true).Take(Steps(1, 20, 0)));

    [Theory]
    [InlineData("model.kind=ae")]
    [InlineData("model.kind=vq")]
    [InlineData("objective.collapse.threshold=0")]
    [InlineData("objective.beta.schedule=capacity objective.beta.capacity=1 objective.beta.warmupSteps=1000")]
    public void Take_WhereNoKlIsAskedFor_SaysNothing(string settings) =>
        Assert.Empty(Watch(settings.Split(' ')).Take(Steps(1, 20, 0)));

    [Fact]
    public void Take_LocalSteps_CountsBatches()
    {
        // Twelve batches an epoch make steps of five, five and two: ten batches end within the step 2, twenty with the step 5, thirty within the step 8.
        var watch = Watch("training.localSteps=5", "training.batch=10");

        Assert.Empty(watch.Take(Steps(1, 1, 0.05)));
        var collapsed = Assert.Single(watch.Take(Steps(2, 2, 0.03)));
        Assert.Empty(watch.Take(Steps(3, 4, 3)));
        var recovered = Assert.Single(watch.Take(Steps(5, 5, 0)));

        Assert.StartsWith("The mean KL of steps 1 to 2 is 0.04 nats per example, below", collapsed.Message, StringComparison.Ordinal);
        Assert.Equal("The mean KL of steps 3 to 5 is 1.75 nats per example again.", recovered.Message);
    }

    [Fact]
    public void Take_LocalStepsWhoseBeginningWasMissed_AreNotChecked()
    {
        var watch = Watch("training.localSteps=5", "training.batch=10");

        Assert.Empty(watch.Take(Steps(4, 5, 0)));
        Assert.Equal(6, Window(Assert.Single(watch.Take(Steps(6, 9, 0)))));

        // After the step 5 a window begins, so nothing of it is missed.
        Assert.Equal(6, Window(Assert.Single(Watch("training.localSteps=5", "training.batch=10").Take(Steps(6, 9, 0)))));

        static int Window((string Reason, string Message) change) =>
            int.Parse(change.Message["The mean KL of steps ".Length..].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static CollapseWatch Watch(params string[] settings) => Watch(Spec(settings), isCollapsed: false);

    /// <summary>A watch over a run of 115 examples an epoch.</summary>
    private static CollapseWatch Watch(RunSpec spec, bool isCollapsed) =>
        new(spec, new TrainingSchedule(spec, new DataDescription(1, 2, 2, 115, 0, "")), isCollapsed);

    private static RunSpec Spec(params string[] settings) =>
        RunSpecReader.Read("", ["objective.collapse.steps=10", .. settings]).Spec!;

    private static IEnumerable<StepRecord> Steps(int first, int last, double kl) =>
        Enumerable.Range(first, last - first + 1).Select(step => new StepRecord { Step = step, Losses = new(4, 400, 4 * kl) });
}
