namespace Orleans.Runtime;

/// <summary>What a call can be addressed to: a grain, an observer, a reference to one.</summary>
public interface IAddressable;
