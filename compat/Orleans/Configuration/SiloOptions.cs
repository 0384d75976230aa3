namespace Orleans.Configuration;

/// <summary>The silo itself.</summary>
public class SiloOptions
{
    /// <summary>The name that people and placement know the silo by. A random one if none is given.</summary>
    public string SiloName { get; set; } = null!;
}
