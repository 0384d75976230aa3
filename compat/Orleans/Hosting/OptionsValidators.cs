using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Hosting;

internal sealed class EndpointOptionsValidator : IValidateOptions<EndpointOptions>
{
    public ValidateOptionsResult Validate(string? name, EndpointOptions options)
    {
        List<string> faults = [];
        if (options.SiloPort is < 1 or > 65535) faults.Add($"EndpointOptions.SiloPort is {options.SiloPort}; it must be between 1 and 65535.");
        if (options.GatewayPort is < 0 or > 65535) faults.Add($"EndpointOptions.GatewayPort is {options.GatewayPort}; it must be between 1 and 65535, or 0 for a silo without a gateway.");
        if (options.GatewayPort == options.SiloPort) faults.Add($"EndpointOptions.SiloPort and GatewayPort are both {options.SiloPort}; they must differ.");
        if (options.AdvertisedIPAddress is { } address && (address.Equals(System.Net.IPAddress.Any) || address.Equals(System.Net.IPAddress.IPv6Any)))
        {
            faults.Add($"EndpointOptions.AdvertisedIPAddress is {address}, which nobody can connect to; name the machine's own address, and listen on any with SiloListeningEndpoint.");
        }

        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}

internal sealed class ClusterOptionsValidator : IValidateOptions<ClusterOptions>
{
    public ValidateOptionsResult Validate(string? name, ClusterOptions options)
    {
        List<string> faults = [];
        if (string.IsNullOrWhiteSpace(options.ClusterId)) faults.Add("ClusterOptions.ClusterId is empty; give the cluster a name.");
        if (string.IsNullOrWhiteSpace(options.ServiceId)) faults.Add("ClusterOptions.ServiceId is empty; give the service a name.");
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}

internal sealed class GrainCollectionOptionsValidator : IValidateOptions<GrainCollectionOptions>
{
    public ValidateOptionsResult Validate(string? name, GrainCollectionOptions options)
    {
        List<string> faults = [];
        if (options.CollectionQuantum <= TimeSpan.Zero) faults.Add($"GrainCollectionOptions.CollectionQuantum is {options.CollectionQuantum}; it must be positive.");
        if (options.CollectionAge <= options.CollectionQuantum)
        {
            faults.Add($"GrainCollectionOptions.CollectionAge is {options.CollectionAge}; it must be longer than CollectionQuantum, which is {options.CollectionQuantum}.");
        }

        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}

internal sealed class ClusterMembershipOptionsValidator : IValidateOptions<ClusterMembershipOptions>
{
    public ValidateOptionsResult Validate(string? name, ClusterMembershipOptions options)
    {
        List<string> faults = [];
        if (options.ProbeTimeout <= TimeSpan.Zero) faults.Add($"ClusterMembershipOptions.ProbeTimeout is {options.ProbeTimeout}; it must be positive.");
        if (options.NumMissedProbesLimit < 1) faults.Add($"ClusterMembershipOptions.NumMissedProbesLimit is {options.NumMissedProbesLimit}; it must be at least 1.");
        if (options.NumProbedSilos < 1) faults.Add($"ClusterMembershipOptions.NumProbedSilos is {options.NumProbedSilos}; it must be at least 1, or nobody notices a dead silo.");
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
