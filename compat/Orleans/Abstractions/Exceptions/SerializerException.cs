using System.Diagnostics.CodeAnalysis;

namespace Orleans.Serialization;

/// <summary>A value could not be written, read or copied.</summary>
[GenerateSerializer]
public class SerializerException : Exception
{
    public SerializerException()
    {
    }

    public SerializerException(string message) : base(message)
    {
    }

    public SerializerException(string message, Exception innerException) : base(message, innerException)
    {
    }
}

/// <summary>A type may not travel, and the message says why.</summary>
[GenerateSerializer]
[SuppressMessage("Design", "CA1032", Justification = "The real one has this constructor only.")]
public sealed class CodecNotFoundException : SerializerException
{
    public CodecNotFoundException(string message) : base(message)
    {
    }
}
