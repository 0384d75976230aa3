using StackExchange.Redis;

namespace Orleans.Clustering.Redis;

/// <summary>The Redis in which silos find each other.</summary>
public class RedisClusteringOptions
{
    /// <summary>The server and how to log in.</summary>
    public ConfigurationOptions ConfigurationOptions { get; set; } = new();

    /// <summary>How long the table outlives its last change; null keeps it. Meant for tests.</summary>
    public TimeSpan? EntryExpiry { get; set; }
}

/// <summary>The Redis cannot be used.</summary>
public class RedisClusteringException : Exception
{
    public RedisClusteringException()
    {
    }

    public RedisClusteringException(string message) : base(message)
    {
    }

    public RedisClusteringException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
