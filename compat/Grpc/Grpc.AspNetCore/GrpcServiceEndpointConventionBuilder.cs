namespace Microsoft.AspNetCore.Builder;

/// <summary>Applies a convention to every endpoint of a service.</summary>
public sealed class GrpcServiceEndpointConventionBuilder : IEndpointConventionBuilder
{
    private readonly List<IEndpointConventionBuilder> _endpoints;

    internal GrpcServiceEndpointConventionBuilder(List<IEndpointConventionBuilder> endpoints) => _endpoints = endpoints;

    public void Add(Action<EndpointBuilder> convention) => _endpoints.ForEach(endpoint => endpoint.Add(convention));

    public void Finally(Action<EndpointBuilder> finallyConvention) => _endpoints.ForEach(endpoint => endpoint.Finally(finallyConvention));
}
