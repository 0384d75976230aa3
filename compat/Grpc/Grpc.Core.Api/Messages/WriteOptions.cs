namespace Grpc.Core;

[Flags]
public enum WriteFlags
{
    /// <summary>The message may wait for the next one; the server then does not flush.</summary>
    BufferHint = 1,

    /// <summary>Always so here: nothing is compressed.</summary>
    NoCompress = 2,
}

public class WriteOptions
{
    public static readonly WriteOptions Default = new();

    public WriteOptions(WriteFlags flags = default) => Flags = flags;

    public WriteFlags Flags { get; }
}
