using System.Collections.Immutable;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Grains.Runs;

namespace VaeCluster.Grains.Tests.Runs;

public sealed class StragglerPolicyTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ImmutableArray<string> Devices = ["a/cpu:0", "b/cpu:0"];
    private static readonly ImmutableArray<ImmutableArray<int>> Shards = [[0, 1], [2, 3]];

    private readonly RunOptions _options = new();

    [Fact]
    public void Update_OfAStepThatWaitsLong_NamesTheDeviceWhoseShardsAreMissing()
    {
        var policy = new StragglerPolicy(_options, backupAfter: 5);

        Assert.Equal(["b/cpu:0"], policy.Update(Status(age: 2, 3), Devices, Shards, Start));
        Assert.True(policy.IsStraggler("b/cpu:0"));
        Assert.False(policy.IsStraggler("a/cpu:0"));
    }

    [Theory]
    [InlineData(0.9, 0.1, 5)] // Less than StragglerAfter.
    [InlineData(4.9, 1.0, 5)] // Less than five usual steps.
    [InlineData(60, 0.1, 0)] // The spec asks for no backup.
    [InlineData(60, 0.0, 5)] // Nobody knows yet what a step usually takes.
    public void Update_OfAStepThatIsNotLate_ChangesNothing(double age, double usual, double backupAfter) =>
        Assert.Null(new StragglerPolicy(_options, backupAfter).Update(Status(age, 3) with { UsualStepSeconds = usual }, Devices, Shards, Start));

    [Fact]
    public void Update_WhereEveryDeviceIsLate_BlamesNone() =>
        Assert.Null(new StragglerPolicy(_options, 5).Update(Status(age: 60, 1, 2), Devices, Shards, Start));

    [Fact]
    public void Update_OfTheSameStraggler_ReportsItOnce_AndTrustsItAgainAfterAWhile()
    {
        var policy = new StragglerPolicy(_options, 5);
        policy.Update(Status(age: 2, 2), Devices, Shards, Start);

        Assert.Null(policy.Update(Status(age: 3, 2), Devices, Shards, Start + TimeSpan.FromSeconds(1)));
        Assert.Equal([], policy.Update(Status(age: 0), Devices, Shards, Start + _options.BackupPeriod));
        Assert.Empty(policy.Stragglers);
    }

    [Fact]
    public void Clear_TrustsEveryDevice()
    {
        var policy = new StragglerPolicy(_options, 5);
        policy.Update(Status(age: 2, 2), Devices, Shards, Start);

        policy.Clear();

        Assert.Empty(policy.Stragglers);
    }

    private static ParameterServerStatus Status(double age, params int[] missing) =>
        new() { Started = true, StepAge = age, UsualStepSeconds = 0.1, MissingShards = [.. missing] };
}
