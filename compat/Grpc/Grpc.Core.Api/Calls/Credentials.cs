namespace Grpc.Core;

/// <summary>
/// Credentials of one call. The stand-in can make none, so a call never carries any: put a token into a header
/// or an interceptor.
/// </summary>
public abstract class CallCredentials
{
    private protected CallCredentials()
    {
    }
}

/// <summary>What a call passes on to the calls it makes. The stand-in makes none, as the real server makes none.</summary>
public abstract class ContextPropagationToken
{
    private protected ContextPropagationToken()
    {
    }
}

public class ContextPropagationOptions
{
    public static readonly ContextPropagationOptions Default = new();

    public ContextPropagationOptions(bool propagateDeadline = true, bool propagateCancellation = true)
    {
        IsPropagateDeadline = propagateDeadline;
        IsPropagateCancellation = propagateCancellation;
    }

    public bool IsPropagateDeadline { get; }

    public bool IsPropagateCancellation { get; }
}

/// <summary>Whether a channel uses TLS. Certificates are the HTTP handler's business.</summary>
public abstract class ChannelCredentials
{
    private protected ChannelCredentials()
    {
    }

    public static ChannelCredentials Insecure { get; } = new Kind(isSecure: false);

    public static ChannelCredentials SecureSsl { get; } = new Kind(isSecure: true);

    internal abstract bool IsSecure { get; }

    private sealed class Kind(bool isSecure) : ChannelCredentials
    {
        internal override bool IsSecure => isSecure;
    }
}
