namespace Orleans.Runtime;

/// <summary>The stages of a silo's life, in order.</summary>
public enum SiloStatus
{
    None,
    Created,
    Joining,
    Active,
    ShuttingDown,
    Stopping,
    Dead,
}
