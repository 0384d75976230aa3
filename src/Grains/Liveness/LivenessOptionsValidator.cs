using Microsoft.Extensions.Options;

namespace VaeCluster.Grains.Liveness;

/// <summary>Checks that the waits of <see cref="LivenessOptions"/> fit each other, and reports every error at once.</summary>
internal sealed class LivenessOptionsValidator : IValidateOptions<LivenessOptions>
{
    public static readonly TimeSpan SilentSiloTimeoutMin = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan SilentSiloTimeoutMax = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, LivenessOptions options)
    {
        var errors = new List<string>();
        if (options.SilentSiloTimeout < SilentSiloTimeoutMin || options.SilentSiloTimeout > SilentSiloTimeoutMax)
            errors.Add($"SilentSiloTimeout is {options.SilentSiloTimeout}; it must be between {SilentSiloTimeoutMin} and {SilentSiloTimeoutMax}.");
        Above(nameof(options.ProbeTimeout), options.ProbeTimeout, "", TimeSpan.Zero);
        Above(nameof(options.RenewPeriod), options.RenewPeriod, "", TimeSpan.Zero);
        Above(nameof(options.SilentSiloTimeout), options.SilentSiloTimeout, "the probes of a silent silo", options.ProbeTimeout * LivenessOptions.MissedProbes);
        Above(nameof(options.AnnouncementLifetime), options.AnnouncementLifetime, "two renewal periods", options.RenewPeriod * 2);
        Above(nameof(options.LeaseDuration), options.LeaseDuration, "two renewals that go unanswered", (options.RenewPeriod + options.AnswerTimeout) * 1.5);
        Above(nameof(options.ResponseTimeout), options.ResponseTimeout, nameof(options.SilentSiloTimeout), options.SilentSiloTimeout);
        Above(nameof(options.ResponseTimeout), options.ResponseTimeout, nameof(options.PullTimeout), options.PullTimeout);
        Above(nameof(options.StandbyFetchTimeout), options.StandbyFetchTimeout, nameof(options.StandbyCallTimeout), options.StandbyCallTimeout);
        Above(nameof(options.RegistryTimeout), options.RegistryTimeout, nameof(options.SilentSiloTimeout), options.SilentSiloTimeout);
        Above(nameof(options.JoinTimeout), options.JoinTimeout, "a stale heartbeat", options.HeartbeatPeriod * LivenessOptions.MissedHeartbeats);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Above(string setting, TimeSpan value, string than, TimeSpan limit)
        {
            if (value <= limit)
                errors.Add(
                    $"{setting} is {value}; it must be above {(than.Length == 0 ? "0" : $"{than} ({limit})")}. Leave it out to derive it from "
                        + "SilentSiloTimeout.");
        }
    }
}
