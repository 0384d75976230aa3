namespace VaeCluster.Contracts;

/// <summary>Too much is asked of a silo just now. The message says what was found, the limit and what to do; the same request may be accepted later.</summary>
public sealed class LimitException(string message) : Exception(message);
