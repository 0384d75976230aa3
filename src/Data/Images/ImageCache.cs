using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;

namespace VaeCluster.Data.Images;

/// <summary>
/// A file of decoded images: eight bytes that name the format, the pixels, the labels, an index as JSON, the index's hash and its length.
/// It gets its name when all of it is on the disk, never changes afterwards, and is believed only if its hashes hold.
/// </summary>
internal sealed class ImageCache
{
    /// <summary>To be raised whenever the same files would give other pixels, as by another decoder. 2: SkiaSharp.</summary>
    public const int Format = 2;

    private const string LockEnding = ".lock";
    private const int HashBytes = 32;
    private const int TailBytes = HashBytes + sizeof(int);
    private static readonly byte[] Magic = "VAEIMG1\n"u8.ToArray();
    private static readonly TimeSpan TurnPoll = TimeSpan.FromMilliseconds(100);

    // Hashing gigabytes takes seconds, and each trainer of a process opens the same file.
    private static readonly ConcurrentDictionary<(string Path, long Length, DateTime ModifiedAt), bool> Checked = new();

    private readonly string _folder;

    /// <summary>The file of a key.</summary>
    public ImageCache(string folder, string key) => (_folder, Path) = (folder, System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), key + ".images"));

    /// <summary>Where it is, or will be.</summary>
    public string Path { get; }

    /// <summary>Opens the file; null when it is not there or is damaged, which is reported.</summary>
    public ImageCacheContent? Open(IProgress<DataProgress>? progress)
    {
        if (!File.Exists(Path))
            return null;
        try
        {
            return Read();
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            progress?.Report(new($"The cache {Path} is damaged ({e.Message}); it is built again.", 0, 0));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
    }

    /// <summary>Waits until no other process makes this file. A process that dies gives up its turn.</summary>
    public FileStream WaitForTurn(DataAccess access)
    {
        try
        {
            Directory.CreateDirectory(_folder);
            for (var waits = 0; ; waits++)
            {
                if (TryTakeTurn(Path) is { } turn)
                    return turn;
                access.NoteProgress();
                if (waits == 0)
                    access.Progress?.Report(new($"Another process decodes into {Path}; waiting for it.", 0, 0));
                Thread.Sleep(TurnPoll);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
    }

    /// <summary>The right to make or remove a cache file, until it is disposed; null while another process has it.</summary>
    /// <exception cref="IOException">The folder takes no file.</exception>
    public static FileStream? TryTakeTurn(string path)
    {
        try
        {
            return new FileStream(path + LockEnding, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.GetType() == typeof(IOException) && File.Exists(path + LockEnding))
        {
            return null;
        }
    }

    /// <summary>What a cache file says that it holds. Its pixels are not looked at.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="JsonException">It is damaged.</exception>
    public static ImageCacheIndex ReadIndex(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        return ReadIndex(file, out _);
    }

    /// <summary>Writes the file.</summary>
    /// <exception cref="DataException">There is no room for it, or what is to be decoded is bad.</exception>
    public void Write(ImageCacheBuilder builder)
    {
        CheckRoom(builder.PixelBytesMax);
        try
        {
            AtomicFile.Write(Path, file =>
            {
                file.Write(Magic);
                var (index, labels) = builder.WritePixels(file);
                file.Write(labels);
                WriteIndex(file, index);
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
    }

    private static void WriteIndex(FileStream file, ImageCacheIndex index)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(index);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
        file.Write(json);
        file.Write(SHA256.HashData(json));
        file.Write(length);
    }

    private ImageCacheContent Read()
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        NoteUse();
        var index = ReadIndex(file, out var indexStart);
        if (Magic.Length + index.PixelBytes + index.LabelBytes != indexStart)
            throw new InvalidDataException(
                $"it has {file.Length} bytes, which do not match {index.Count} images of {index.Channels}x{index.Side}x{index.Side}");
        var key = (Path, file.Length, File.GetLastWriteTimeUtc(Path));
        if (!Checked.ContainsKey(key))
            CheckPixels(file, index);
        Checked[key] = true;
        file.Position = Magic.Length + index.PixelBytes;
        var labels = new byte[index.LabelBytes];
        file.ReadExactly(labels);
        if (labels.Length > 0 && Convert.ToHexStringLower(SHA256.HashData(labels)) != index.LabelsSha256)
            throw new InvalidDataException("the hash of its labels differs");
        return new(index, new MappedPixels(Path, Magic.Length, index.PixelBytes, index.PixelsSha256), labels.Length > 0 ? labels : null);
    }

    /// <summary>When a cache file was made or last opened, UTC.</summary>
    public static DateTime UsedAt(string path) =>
        File.GetLastWriteTimeUtc(File.Exists(path + LockEnding) ? path + LockEnding : path);

    /// <summary>
    /// Marks the file as used for whoever cleans up, by the time of its lock: that of the file says whether it was checked, and a time of access moves when
    /// somebody looks.
    /// </summary>
    private void NoteUse()
    {
        try
        {
            File.SetLastWriteTimeUtc(Path + LockEnding, DateTime.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It may be read here and not written to. Then whoever may write to it keeps its time.
        }
    }

    private static ImageCacheIndex ReadIndex(FileStream file, out long start)
    {
        var head = new byte[Magic.Length];
        if (file.Length < Magic.Length + TailBytes
            || file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length
            || !head.AsSpan().SequenceEqual(Magic))
            throw new InvalidDataException($"it has {file.Length} bytes and does not start as a cache does");
        var tail = new byte[TailBytes];
        file.Position = file.Length - TailBytes;
        file.ReadExactly(tail);
        var length = BinaryPrimitives.ReadInt32LittleEndian(tail.AsSpan(HashBytes));
        start = file.Length - TailBytes - length;
        if (length <= 0 || start < Magic.Length)
            throw new InvalidDataException("it ends in the middle");
        var json = new byte[length];
        file.Position = start;
        file.ReadExactly(json);
        return SHA256.HashData(json).AsSpan().SequenceEqual(tail.AsSpan(0, HashBytes))
            ? JsonSerializer.Deserialize<ImageCacheIndex>(json)!
            : throw new InvalidDataException("the hash of its index differs");
    }

    private static void CheckPixels(FileStream file, ImageCacheIndex index)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[1 << 20];
        file.Position = Magic.Length;
        for (var left = index.PixelBytes; left > 0;)
        {
            var count = (int)Math.Min(block.Length, left);
            file.ReadExactly(block, 0, count);
            hash.AppendData(block, 0, count);
            left -= count;
        }
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != index.PixelsSha256)
            throw new InvalidDataException("the hash of its pixels differs");
    }

    private void CheckRoom(long bytes)
    {
        var free = new DriveInfo(System.IO.Path.GetFullPath(_folder)).AvailableFreeSpace;
        if (bytes > free)
            throw new DataException("data.imageSize", $"The decoded images take {bytes} bytes, and {_folder} has {free} free.",
                $"Make room there (`vaectl data clean` removes unused caches), set {CacheFolder.Variable} to a folder on a larger disk, or "
                    + "ask for smaller images.");
    }

    private DataException Unusable(Exception e) =>
        new(
            "data.path",
            $"The cache {Path} cannot be used: {e.Message}",
            $"Set {CacheFolder.Variable} to a folder with room that this process may write to; `vaectl data clean` removes unused caches.",
            e);
}
