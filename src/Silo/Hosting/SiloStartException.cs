namespace VaeCluster.Silo.Hosting;

/// <summary>A silo cannot start. The message is all that a person needs: what was found and what to do.</summary>
internal sealed class SiloStartException(string message, Exception inner) : Exception(message, inner);
