using System.IO.Compression;
using System.Text;

namespace VaeCluster.Tests.Support;

/// <summary>Makes NumPy's files, by the letter of its format description.</summary>
internal static class NpyWriter
{
    public static byte[] Array(string type, string shape, byte[] values, int version = 1, string order = "False")
    {
        var header = $"{{'descr': '{type}', 'fortran_order': {order}, 'shape': ({shape}), }}";
        var lengthBytes = version == 1 ? 2 : 4;
        var padding = 64 - ((8 + lengthBytes + header.Length + 1) % 64);
        header += new string(' ', padding % 64) + "\n";
        var length = BitConverter.GetBytes(header.Length)[..lengthBytes];
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. Encoding.UTF8.GetBytes(header), .. values];
    }

    public static byte[] Archive(CompressionLevel compression, params (string Name, byte[] Array)[] arrays)
    {
        using var content = new MemoryStream();
        using (var zip = new ZipArchive(content, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, array) in arrays)
            {
                using var entry = zip.CreateEntry(name + ".npy", compression).Open();
                entry.Write(array);
            }
        }
        return content.ToArray();
    }
}
