namespace Orleans.Runtime.Messaging;

/// <summary>No connection could be made.</summary>
[GenerateSerializer]
public class ConnectionFailedException : OrleansException
{
    public ConnectionFailedException()
    {
    }

    public ConnectionFailedException(string message) : base(message)
    {
    }

    public ConnectionFailedException(string message, Exception innerException) : base(message, innerException)
    {
    }
}

/// <summary>A message breaks the limits or the form of the wire.</summary>
[GenerateSerializer]
public sealed class InvalidMessageFrameException : OrleansException
{
    public InvalidMessageFrameException()
    {
    }

    public InvalidMessageFrameException(string message) : base(message)
    {
    }

    public InvalidMessageFrameException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
