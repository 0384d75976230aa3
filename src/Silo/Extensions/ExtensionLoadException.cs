namespace VaeCluster.Silo.Extensions;

/// <summary>An extension cannot be used. The message says what was found, the rule and the fix.</summary>
internal sealed class ExtensionLoadException(string message, Exception? inner = null) : Exception(message, inner);
