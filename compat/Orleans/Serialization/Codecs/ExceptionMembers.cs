using Orleans.Serialization.Objects;
using Orleans.Serialization.Wire;

namespace Orleans.Serialization.Codecs;

/// <summary>The numbered members of an exception class, beyond what every exception has.</summary>
internal interface IExceptionMembers
{
    void Write(FrameWriter writer, Exception exception);

    void Read(FrameReader reader, Exception exception);
}

/// <inheritdoc cref="IExceptionMembers"/>
internal sealed class ExceptionMembers<T> : IExceptionMembers where T : Exception
{
    private readonly LevelCodec<T>[] _levels = [.. TypeModel.Build(typeof(T)).Select(level => new LevelCodec<T>(level))];

    public void Write(FrameWriter writer, Exception exception)
    {
        var value = (T)exception;
        foreach (var level in _levels) level.Write(writer, ref value);
    }

    public void Read(FrameReader reader, Exception exception)
    {
        var value = (T)exception;
        foreach (var level in _levels) level.Read(reader, ref value);
    }
}
