namespace Orleans.Runtime.References;

/// <summary>A part of the runtime that other silos call. It lives on a silo that its key names, and takes calls in parallel.</summary>
internal interface ISystemTarget : IAddressable;
