namespace VaeCluster.Training.Runtime;

/// <summary>libtorch cannot be loaded. The message is one sentence that says what is missing and what to do.</summary>
/// <param name="message">The sentence.</param>
/// <param name="innerException">What the loader threw; null if something was missing already before it was asked.</param>
public sealed class TorchRuntimeException(string message, Exception? innerException = null) : Exception(message, innerException);
