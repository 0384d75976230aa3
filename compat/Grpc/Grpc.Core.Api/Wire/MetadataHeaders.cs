namespace Grpc.Core.Wire;

/// <summary>Metadata as HTTP headers: binary values in base64, everything else as it is.</summary>
internal static class MetadataHeaders
{
    public static string ToHeader(Metadata.Entry entry) =>
        entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes) : entry.Value;

    public static void AddHeader(this Metadata metadata, string name, string value)
    {
        if (!name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
        {
            metadata.Add(name, value);
            return;
        }

        // A proxy may join binary values with commas, which base64 does not use.
        foreach (var part in value.Split(','))
            metadata.Add(name, Decode(name, part.Trim()));
    }

    // Senders may leave out the padding.
    private static byte[] Decode(string name, string base64)
    {
        try
        {
            return Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException ex)
        {
            throw new FormatException($"The header '{name}' holds '{base64}', which is not base64; a '-bin' header must be.", ex);
        }
    }
}
