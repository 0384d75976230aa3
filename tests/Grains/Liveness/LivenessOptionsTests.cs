using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using VaeCluster.Grains.Liveness;

namespace VaeCluster.Grains.Tests.Liveness;

public sealed class LivenessOptionsTests
{
    private static readonly LivenessOptionsValidator Validator = new();

    [Fact]
    public void Defaults_AreDerivedFromThreeSeconds()
    {
        Assert.Equal(
            "a silent silo is declared dead after about 3 s (3 probes of 0.75 s); heartbeat every 0.75 s, stale after 4; response timeout 6 s; device lease 4 s, renewed every 1 s; pull 2 s, standby 2 s",
            new LivenessOptions().ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(60)]
    public void Validate_OfWhatIsDerived_FindsThatItFits(int seconds) =>
        Assert.True(Validator.Validate(null, new LivenessOptions { SilentSiloTimeout = TimeSpan.FromSeconds(seconds) }).Succeeded);

    [Fact]
    public void Validate_OfWaitsThatContradictEachOther_NamesAllOfThem()
    {
        var options = new LivenessOptions
        {
            ProbeTimeout = TimeSpan.FromSeconds(2),
            LeaseDuration = TimeSpan.FromSeconds(1),
            ResponseTimeout = TimeSpan.FromSeconds(2),
        };

        var result = Validator.Validate(null, options);

        Assert.Equal(
            [
                "SilentSiloTimeout is 00:00:03; it must be above the probes of a silent silo (00:00:06). Leave it out to derive it from SilentSiloTimeout.",
                "LeaseDuration is 00:00:01; it must be above two renewals that go unanswered (00:00:03). Leave it out to derive it from SilentSiloTimeout.",
                "ResponseTimeout is 00:00:02; it must be above SilentSiloTimeout (00:00:03). Leave it out to derive it from SilentSiloTimeout.",
                "ResponseTimeout is 00:00:02; it must be above PullTimeout (00:00:02). Leave it out to derive it from SilentSiloTimeout.",
            ],
            result.Failures);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(61)]
    public void Validate_OfASilenceOutOfRange_SaysTheRange(double seconds) =>
        Assert.Contains(
            "it must be between 00:00:01 and 00:01:00.",
            Assert.Single(Validator.Validate(null, new LivenessOptions { SilentSiloTimeout = TimeSpan.FromSeconds(seconds) }).Failures!));

    [Fact]
    public void AddLiveness_SetsTheMembershipOfOrleans()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.UseOrleans(silo => silo.UseLocalhostClustering().AddLiveness().Configure<LivenessOptions>(options => options.SilentSiloTimeout = TimeSpan.FromSeconds(6)));
        using var host = builder.Build();

        var membership = host.Services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value;
        var messaging = host.Services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value;

        Assert.Equal((1.5, 1.5, 1.5, 3), (membership.ProbeTimeout.TotalSeconds, membership.MinProbeTimeout.TotalSeconds, membership.MaxProbeTimeout.TotalSeconds, membership.NumMissedProbesLimit));
        Assert.Equal((1.5, 4, 1.5), (membership.IAmAliveTablePublishTimeout.TotalSeconds, membership.NumMissedTableIAmAliveLimit, membership.TableRefreshTimeout.TotalSeconds));
        Assert.Equal(12, messaging.ResponseTimeout.TotalSeconds);
    }
}
