namespace Orleans.Configuration;

/// <summary>The gateways of a client that are known beforehand.</summary>
public class StaticGatewayListProviderOptions
{
    /// <summary>Each as <c>gwy.tcp://address:port/0</c>.</summary>
    public List<Uri> Gateways { get; set; } = [];
}
