using VaeCluster.Parameters.Schedules;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Parameters.Schedules;

/// <summary>Learning rates and betas against their closed forms: ten steps an epoch, a hundred steps, a peak of 2.</summary>
public sealed class ScheduleTests
{
    [Theory]
    [InlineData("kind=constant", 0, 2)]
    [InlineData("kind=constant", 99, 2)]
    [InlineData("kind=constant;warmupSteps=4", 0, 0.5)]
    [InlineData("kind=constant;warmupSteps=4", 2, 1.5)]
    [InlineData("kind=constant;warmupSteps=4", 3, 2)]
    [InlineData("kind=constant;warmupSteps=4", 4, 2)]
    [InlineData("kind=linear", 0, 2)]
    [InlineData("kind=linear", 33, 2 * (1 - (33 / 99.0)))]
    [InlineData("kind=linear", 99, 0)]
    [InlineData("kind=linear;finalFraction=0.25", 33, 2 * (1 - (0.75 * 33 / 99)))]
    [InlineData("kind=linear;finalFraction=0.25", 99, 0.5)]
    [InlineData("kind=linear;warmupSteps=10", 9, 2)]
    [InlineData("kind=linear;warmupSteps=10", 10, 2)]
    [InlineData("kind=linear;warmupSteps=10", 99, 0)]
    [InlineData("kind=cosine", 0, 2)]
    [InlineData("kind=cosine", 33, 1.5)] // cos(pi / 3) = 1/2.
    [InlineData("kind=cosine", 66, 0.5)]
    [InlineData("kind=cosine", 99, 0)]
    [InlineData("kind=cosine;finalFraction=0.5", 33, 1.75)]
    [InlineData("kind=cosine;finalFraction=0.5", 99, 1)]
    [InlineData("kind=step;stepEpochs=1;stepFactor=0.5;stepGrowth=3", 9, 2)] // Stages of 1, 3 and 9 epochs of ten steps.
    [InlineData("kind=step;stepEpochs=1;stepFactor=0.5;stepGrowth=3", 10, 1)]
    [InlineData("kind=step;stepEpochs=1;stepFactor=0.5;stepGrowth=3", 39, 1)]
    [InlineData("kind=step;stepEpochs=1;stepFactor=0.5;stepGrowth=3", 40, 0.5)]
    [InlineData("kind=step;stepEpochs=3;stepFactor=0.5", 29, 2)]
    [InlineData("kind=step;stepEpochs=3;stepFactor=0.5", 30, 1)]
    [InlineData("kind=step;stepEpochs=3;stepFactor=0.5", 60, 0.5)]
    [InlineData("kind=step;stepEpochs=3;stepFactor=0.5", 99, 0.25)]
    [InlineData("kind=cosine;warmupSteps=1000", 99, 0.2)] // The warm-up may be longer than the run.
    public void LearningRate_AtAStep_IsItsClosedForm(string settings, long step, double rate)
    {
        var spec = ASpec.With(["optimizer.learningRate=2", .. settings.Split(';').Select(setting => $"optimizer.schedule.{setting}")]);

        Assert.Equal(rate, new LearningRateSchedule(spec.Optimizer, 10, 100).At(step), 1e-12);
    }

    [Fact]
    public void LearningRate_OfARunOfOneStep_IsThePeak() =>
        Assert.Equal(0.001, new LearningRateSchedule(ASpec.With("optimizer.schedule.kind=cosine").Optimizer, 1, 1).At(0));

    [Theory]
    [InlineData("value=4", 0, 4)]
    [InlineData("value=4", 1_000_000, 4)]
    [InlineData("value=4;schedule=linear;warmupSteps=8", 0, 0)]
    [InlineData("value=4;schedule=linear;warmupSteps=8", 3, 1.5)]
    [InlineData("value=4;schedule=linear;warmupSteps=8", 7, 3.5)]
    [InlineData("value=4;schedule=linear;warmupSteps=8", 8, 4)]
    [InlineData("value=4;schedule=linear;warmupSteps=8", 9, 4)]
    public void Beta_AtAStep_IsItsClosedForm(string settings, long step, double beta)
    {
        var spec = ASpec.With([.. settings.Split(';').Select(setting => $"objective.beta.{setting}")]);

        Assert.Equal(beta, BetaSchedule.At(spec.Objective.Beta, step));
    }
}
