namespace Orleans.Runtime;

/// <summary>A kind of placement; its director decides.</summary>
public abstract class PlacementStrategy;

/// <summary>Any silo, by chance.</summary>
public sealed class RandomPlacement : PlacementStrategy
{
    internal static RandomPlacement Singleton { get; } = new();
}

/// <summary>The silo that the call comes from, if it can.</summary>
public sealed class PreferLocalPlacement : PlacementStrategy
{
    internal static PreferLocalPlacement Singleton { get; } = new();
}
