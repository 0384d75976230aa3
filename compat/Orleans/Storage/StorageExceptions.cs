using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>The state in storage is not the one that was read: somebody else has written it since.</summary>
[GenerateSerializer]
public class InconsistentStateException : OrleansException
{
    public InconsistentStateException()
    {
    }

    public InconsistentStateException(string message) : base(message)
    {
    }

    public InconsistentStateException(string message, Exception innerException) : base(message, innerException)
    {
    }

    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag, Exception storageException)
        : base(errorMsg, storageException)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag) : base(errorMsg)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    /// <summary>The etag in the storage.</summary>
    [Id(0)]
    public string? StoredEtag { get; private set; }

    /// <summary>The etag that the grain has.</summary>
    [Id(1)]
    public string? CurrentEtag { get; private set; }

    /// <summary>Whether it is still within the activation whose state is out of date, as against in one that called it.</summary>
    [field: NonSerialized]
    internal bool IsInSourceActivation { get; set; } = true;
}

/// <summary>A storage is missing or misconfigured.</summary>
[GenerateSerializer]
[SuppressMessage("Design", "CA1032", Justification = "The base of the real one.")]
public sealed class BadProviderConfigException : OrleansException
{
    public BadProviderConfigException()
    {
    }

    public BadProviderConfigException(string msg) : base(msg)
    {
    }

    public BadProviderConfigException(string msg, Exception exc) : base(msg, exc)
    {
    }
}
