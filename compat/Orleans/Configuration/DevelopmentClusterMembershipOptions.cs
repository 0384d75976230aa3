using System.Net;

namespace Orleans.Configuration;

/// <summary>Membership that is kept by one of the silos.</summary>
public class DevelopmentClusterMembershipOptions
{
    /// <summary>The silo that keeps the table; a silo without it keeps its own.</summary>
    public IPEndPoint? PrimarySiloEndpoint { get; set; }
}
