using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>On the endpoint of each method, for whoever looks at endpoints: authorization, metrics, traces.</summary>
public sealed class GrpcMethodMetadata
{
    public GrpcMethodMetadata(Type serviceType, IMethod method)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        ArgumentNullException.ThrowIfNull(method);
        ServiceType = serviceType;
        Method = method;
    }

    public Type ServiceType { get; }

    public IMethod Method { get; }
}
