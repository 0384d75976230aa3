using Orleans.Serialization.Wire;

namespace Orleans.Runtime.Messaging;

/// <summary>Takes frames for one receiver.</summary>
internal interface IFrameSink
{
    /// <exception cref="InvalidMessageFrameException">The message is larger than the receiver takes.</exception>
    void CheckSize(FrameWriter frame, string what);

    /// <summary>Sends without waiting; a failure to do so is logged, and closes the connection.</summary>
    void Post(FrameWriter frame);
}
