using Orleans.Configuration;
using Orleans.Runtime.Messaging;
using Orleans.Serialization.Wire;

namespace Orleans.Runtime.Networking;

/// <summary>How large messages may be.</summary>
internal sealed class FrameLimits(MessagingOptions options, string optionsName)
{
    public int BytesMax => (int)Math.Min(int.MaxValue, (long)options.MaxMessageBodySize + options.MaxMessageHeaderSize);

    public void Check(FrameWriter frame, string what)
    {
        var bytes = frame.TotalBytes;
        if (bytes <= options.MaxMessageBodySize) return;
        throw new InvalidMessageFrameException(
            $"{what} is {bytes} bytes; {optionsName}.{nameof(MessagingOptions.MaxMessageBodySize)} allows {options.MaxMessageBodySize}. "
            + "Send it in parts, or raise the limit on every silo and client.");
    }
}
