using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Schedules;

namespace VaeCluster.Tests.Parameters.Schedules;

public sealed class BetaScheduleTests
{
    [Theory]
    [InlineData(0, 0.0)]
    [InlineData(5, 1.5)]
    [InlineData(10, 3.0)]
    [InlineData(39, 3.0)]
    [InlineData(40, 0.0)]
    [InlineData(45, 1.5)]
    [InlineData(4_000_000_000_000_005, 1.5)]
    public void Cyclical_RisesAgainInEachPeriod(long step, double beta) =>
        Assert.Equal(beta, BetaSchedule.At(new() { Schedule = BetaScheduleKind.Cyclical, Value = 3, WarmupSteps = 10, Period = 40 }, step), 1e-12);

    [Theory]
    [InlineData(0, 2 * 0.0024726231566347743)]
    [InlineData(50, 1.0)]
    [InlineData(100, 2 * 0.9975273768433653)]
    [InlineData(1_000_000, 2.0)]
    public void Sigmoid_IsTheLogisticFunctionAboutTheMiddle(long step, double beta) =>
        Assert.Equal(beta, BetaSchedule.At(new() { Schedule = BetaScheduleKind.Sigmoid, Value = 2, WarmupSteps = 100 }, step), 1e-12);

    [Theory]
    [InlineData(0, 0.0)]
    [InlineData(25, 6.25)]
    [InlineData(100, 25.0)]
    [InlineData(101, 25.0)]
    public void Capacity_Rises_AndItsWeightStays(long step, double capacity)
    {
        var spec = new BetaSpec { Schedule = BetaScheduleKind.Capacity, Value = 1000, WarmupSteps = 100, Capacity = 25 };

        Assert.Equal(capacity, BetaSchedule.CapacityAt(spec, step), 1e-12);
        Assert.Equal(1000, BetaSchedule.At(spec, step));
    }

    [Theory]
    [InlineData(0, 0.0)]
    [InlineData(1, 0.4)]
    [InlineData(5, 2.0)]
    [InlineData(6, 2.0)]
    public void Linear_RisesToItsValue(long step, double beta) =>
        Assert.Equal(beta, BetaSchedule.At(new() { Schedule = BetaScheduleKind.Linear, Value = 2, WarmupSteps = 5 }, step), 1e-12);
}
