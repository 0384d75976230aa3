using Orleans.Runtime;

namespace Orleans;

/// <summary>Marks a grain interface.</summary>
public interface IGrain : IAddressable;

/// <summary>Marks an interface of grains that have string keys.</summary>
public interface IGrainWithStringKey : IGrain;

/// <summary>Marks an interface of grains that have integer keys.</summary>
public interface IGrainWithIntegerKey : IGrain;

/// <summary>Marks an interface of grains that have Guid keys.</summary>
public interface IGrainWithGuidKey : IGrain;

/// <summary>Marks an interface through which a grain calls back into a client.</summary>
public interface IGrainObserver : IAddressable;
