namespace Grpc.AspNetCore.Server;

/// <summary>Settings of all services; <see cref="GrpcServiceOptions{TService}"/> overrides them for one.</summary>
public class GrpcServiceOptions
{
    /// <summary>The largest message to send, in bytes.</summary>
    /// <value>Null: no limit.</value>
    public int? MaxSendMessageSize
    {
        get;
        set
        {
            field = value;
            IsMaxSendSet = true;
        }
    }

    /// <summary>The largest message to receive, in bytes; null is no limit.</summary>
    /// <value>4 MiB.</value>
    public int? MaxReceiveMessageSize
    {
        get;
        set
        {
            field = value;
            IsMaxReceiveSet = true;
        }
    }

    /// <summary>Whether a client is told what exception a handler threw.</summary>
    /// <value>Null, which is no: the text may hold secrets.</value>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>Whether calls of services and methods that do not exist are left to others.</summary>
    /// <value>Null, which is no: they are answered with UNIMPLEMENTED.</value>
    public bool? IgnoreUnknownServices { get; set; }

    /// <summary>What stands around every call, the first outermost.</summary>
    public InterceptorCollection Interceptors { get; } = [];

    internal bool IsMaxSendSet { get; private set; }

    internal bool IsMaxReceiveSet { get; private set; }
}

/// <summary>Settings of one service. What is not set here is as it is for all; interceptors come after those of all.</summary>
public class GrpcServiceOptions<TService> : GrpcServiceOptions
    where TService : class
{
}
