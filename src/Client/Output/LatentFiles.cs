using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace VaeCluster.Client.Output;

/// <summary>Posteriors as the files that other programs read.</summary>
internal static class LatentFiles
{
    /// <summary>
    /// A float32 matrix in NumPy's format, version 1.0: magic, length of the header, a Python dictionary padded with spaces to 64 bytes,
    /// the values.
    /// </summary>
    public static byte[] Npy(IReadOnlyCollection<float> values, int columns)
    {
        const int Prefix = 10;
        const int Alignment = 64;
        var dictionary = Invariant($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({values.Count / columns}, {columns}), }}");
        var headerLength = ((Prefix + dictionary.Length + 1 + Alignment - 1) / Alignment * Alignment) - Prefix;
        var header = dictionary.PadRight(headerLength - 1) + "\n";
        byte[] length = [(byte)headerLength, (byte)(headerLength >> 8)];
        return [0x93, .. "NUMPY"u8, 1, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. MemoryMarshal.AsBytes<float>(values.ToArray())];
    }

    /// <summary>One line an example: its number, its label where there is one, its means, the logarithms of its variances.</summary>
    public static byte[] Csv(Latents latents)
    {
        var text = new StringBuilder("example");
        if (latents.Labels.Count > 0)
            text.Append(",label");
        for (var i = 0; i < latents.Latent; i++)
            text.Append(CultureInfo.InvariantCulture, $",mean_{i}");
        var variances = latents.LogVariance.Count > 0;
        for (var i = 0; variances && i < latents.Latent; i++)
            text.Append(CultureInfo.InvariantCulture, $",logvar_{i}");
        for (var row = 0; row < latents.Mean.Count / latents.Latent; row++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{latents.First + row}");
            if (latents.Labels.Count > 0)
                text.Append(CultureInfo.InvariantCulture, $",{latents.Labels[row]}");
            AppendRow(text, latents.Mean, row, latents.Latent);
            if (variances)
                AppendRow(text, latents.LogVariance, row, latents.Latent);
        }
        return Encoding.ASCII.GetBytes(text.Append('\n').ToString());
    }

    private static void AppendRow(StringBuilder text, List<float> values, int row, int columns)
    {
        foreach (var value in CollectionsMarshal.AsSpan(values).Slice(row * columns, columns))
            text.Append(',').Append(value.ToString("R", CultureInfo.InvariantCulture));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The posteriors of consecutive examples.</summary>
internal sealed record Latents(int First, int Latent)
{
    public List<float> Mean { get; } = [];

    public List<float> LogVariance { get; } = [];

    public List<int> Labels { get; } = [];
}
