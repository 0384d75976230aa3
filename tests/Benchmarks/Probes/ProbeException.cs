namespace VaeCluster.Benchmarks.Probes;

/// <summary>A figure cannot be measured. The message says why, and where there is one the remedy.</summary>
internal sealed class ProbeException(string message) : Exception(message);
