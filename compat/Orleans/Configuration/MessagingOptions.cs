using System.Diagnostics;

namespace Orleans.Configuration;

/// <summary>Limits of calls.</summary>
public abstract class MessagingOptions
{
    private TimeSpan _responseTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long callers wait for an answer. <value>The default is 30 s.</value></summary>
    public TimeSpan ResponseTimeout
    {
        get => Debugger.IsAttached ? ResponseTimeoutWithDebugger : _responseTimeout;
        set => _responseTimeout = value;
    }

    /// <summary>The same, while a debugger is attached. <value>The default is 30 minutes.</value></summary>
    public TimeSpan ResponseTimeoutWithDebugger { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Whether a call is dropped that nobody waits for any more when its turn comes. <value>The default is true.</value></summary>
    public bool DropExpiredMessages { get; set; } = true;

    /// <summary>Room for the head of a message. <value>The default is 10 MiB.</value></summary>
    public int MaxMessageHeaderSize { get; set; } = 10 * 1024 * 1024;

    /// <summary>The largest message. <value>The default is 100 MiB.</value></summary>
    public int MaxMessageBodySize { get; set; } = 100 * 1024 * 1024;

    /// <summary>Whether a call that ran out of time is also cancelled where it runs. <value>The default is false.</value></summary>
    public bool CancelRequestOnTimeout { get; set; }
}

/// <summary>Limits of the calls that a silo makes.</summary>
public class SiloMessagingOptions : MessagingOptions
{
    /// <summary>How often a call is passed on that found its grain moved. <value>The default is 2.</value></summary>
    public int MaxForwardCount { get; set; } = 2;
}

/// <summary>Limits of the calls that a client makes.</summary>
public class ClientMessagingOptions : MessagingOptions;
