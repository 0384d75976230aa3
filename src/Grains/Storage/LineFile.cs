using System.Buffers;
using System.Text;

namespace VaeCluster.Grains.Storage;

/// <summary>Text files that grow by whole lines, and whose writer may die, or find the disk full, in the midst of one.</summary>
internal static class LineFile
{
    /// <summary>The lines of a file, also while it is being written; none when there is no file.</summary>
    public static IEnumerable<FileLine> Read(string path)
    {
        if (!File.Exists(path))
            yield break;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        var bytes = new ArrayBufferWriter<byte>();
        var number = 1L;
        for (int next; (next = file.ReadByte()) >= 0;)
        {
            if (next != '\n')
            {
                bytes.GetSpan(1)[0] = (byte)next;
                bytes.Advance(1);
                continue;
            }
            yield return new(number++, Encoding.UTF8.GetString(bytes.WrittenSpan), file.Position, IsComplete: true);
            bytes.ResetWrittenCount();
        }
        if (bytes.WrittenCount > 0)
            yield return new(number, Encoding.UTF8.GetString(bytes.WrittenSpan), file.Position, IsComplete: false);
    }

    /// <summary>Bytes of a file; 0 when there is none.</summary>
    public static long LengthOf(string path) => new FileInfo(path) is { Exists: true, Length: var length } ? length : 0;

    /// <summary>Writes whole lines behind those that are there, and flushes them to the disk.</summary>
    /// <param name="path">The file; it and its folder need not exist.</param>
    /// <param name="length">Bytes of the whole lines that are there: what a failed write left behind them goes.</param>
    /// <param name="lines">The lines, each with its line break.</param>
    /// <returns>Bytes of the file now.</returns>
    /// <exception cref="IOException">The disk does not take them. Write them again, behind the same length.</exception>
    public static long Append(string path, long length, string lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        file.SetLength(length);
        file.Position = length;
        file.Write(Encoding.UTF8.GetBytes(lines));
        file.Flush(flushToDisk: true);
        return file.Length;
    }
}

/// <summary>One line of a file as it stands there.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Text">Without the line break.</param>
/// <param name="EndsAt">Bytes of the file up to and with the line.</param>
/// <param name="IsComplete">Whether a line break ends it; the last line of a writer that died may have none.</param>
internal readonly record struct FileLine(long Number, string Text, long EndsAt, bool IsComplete);
