using VaeCluster.Grains.Runs;

namespace VaeCluster.Grains.Tests.Runs;

public sealed class StandbyPolicyTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly StandbyPolicy _silos = new();

    [Fact]
    public void Choose_OfSilosThatNeverFailed_IsTheFirst()
    {
        Assert.Equal("a", _silos.Choose(["a", "b"], Start));
        Assert.Null(_silos.Choose([], Start));
    }

    [Fact]
    public void Choose_AfterAFailure_IsAnother_AndTheSameAgainOnlyWhereThereIsNoOther()
    {
        _silos.OnFailed("a", Start);

        Assert.Equal("b", _silos.Choose(["a", "b"], Start));
        Assert.Equal("b", _silos.Choose(["a", "b"], Start + StandbyPolicy.RestMin));
        Assert.Null(_silos.Choose(["a"], Start + StandbyPolicy.RestMin - TimeSpan.FromTicks(1)));
        Assert.Equal("a", _silos.Choose(["a"], Start + StandbyPolicy.RestMin));
    }

    [Fact]
    public void Choose_WhenEachFailed_IsTheOneThatFailedLeastOften()
    {
        _silos.OnFailed("a", Start);
        _silos.OnFailed("a", Start);
        _silos.OnFailed("b", Start);

        Assert.Equal("b", _silos.Choose(["a", "b"], Start + StandbyPolicy.RestMax));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(5, 32)]
    [InlineData(6, 60)]
    [InlineData(2000, 60)]
    public void Choose_AfterManyFailures_RestsTwiceAsLongEachTime_UpToAMinute(int failures, int seconds)
    {
        for (var failure = 0; failure < failures; failure++)
            _silos.OnFailed("a", Start);

        Assert.Null(_silos.Choose(["a"], Start + TimeSpan.FromSeconds(seconds - 0.1)));
        Assert.Equal("a", _silos.Choose(["a"], Start + TimeSpan.FromSeconds(seconds)));
    }

    [Fact]
    public void Choose_LongAfterAFailure_HasForgottenIt()
    {
        _silos.OnFailed("a", Start);
        _silos.OnFailed("a", Start);

        Assert.Equal("a", _silos.Choose(["a", "b"], Start + StandbyPolicy.FailuresKept));
        _silos.OnFailed("a", Start + StandbyPolicy.FailuresKept);
        Assert.Equal("a", _silos.Choose(["a"], Start + StandbyPolicy.FailuresKept + StandbyPolicy.RestMin));
    }
}
