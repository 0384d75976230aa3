using System.IO.Compression;

namespace VaeCluster.Data.Arrays;

/// <summary>The arrays of a .npy file (one) or of a .npz archive (each in an entry of its own, stored or deflated).</summary>
internal sealed class NpyFile : IDisposable
{
    private readonly FileStream _file;
    private readonly ZipArchive? _archive;
    private readonly Dictionary<string, NpyHeader> _headers = new(StringComparer.Ordinal);

    /// <summary>Opens a file and reads the headers of its arrays.</summary>
    /// <exception cref="DataException">It cannot be read, or is neither.</exception>
    public NpyFile(string path)
    {
        Path = path;
        _file = Open(path);
        try
        {
            _archive = IsZip() ? new ZipArchive(_file, ZipArchiveMode.Read, leaveOpen: true) : null;
            var entries = _archive?.Entries.Where(entry => entry.FullName.EndsWith(".npy", StringComparison.Ordinal));
            foreach (var name in entries?.Select(entry => entry.FullName[..^4]) ?? [""])
            {
                using var stream = OpenEntry(name);
                _headers[name] = NpyHeader.Read(stream);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            _file.Dispose();
            throw Damaged("", e);
        }
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>The arrays by name; a .npy file has one, whose name is empty.</summary>
    public IReadOnlyDictionary<string, NpyHeader> Headers => _headers;

    /// <summary>How an array is called in a message.</summary>
    public string NameOf(string array) => array.Length == 0 ? Path : $"{Path}:{array}";

    /// <summary>Reads the values of an array.</summary>
    /// <exception cref="DataException">The file is damaged.</exception>
    public T Read<T>(string array, Func<Stream, NpyHeader, T> read)
    {
        try
        {
            using var stream = OpenEntry(array);
            return read(stream, NpyHeader.Read(stream));
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw Damaged(array, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _archive?.Dispose();
        _file.Dispose();
    }

    private static FileStream Open(string path)
    {
        if (!File.Exists(path))
            throw new DataException(
                "data.path",
                $"data.path is {path}, and there is no such file on this silo ({System.IO.Path.GetFullPath(path)}).",
                "Give the .npy or .npz file, as the silos see it.");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException("data.path", $"{path} cannot be read: {e.Message}", "Check that the silo may read it.", e);
        }
    }

    private bool IsZip()
    {
        var isZip = _file.ReadByte() == 'P' && _file.ReadByte() == 'K';
        _file.Position = 0;
        return isZip;
    }

    private Stream OpenEntry(string name)
    {
        if (_archive is not null)
            return _archive.GetEntry(name + ".npy")!.Open();
        // A stream of its own: whoever reads closes it.
        return new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
    }

    private DataException Damaged(string array, Exception e)
    {
        // What we found ourselves is a clause to be read after the name; what the system says is a sentence.
        var problem = e is InvalidDataException && !e.Message.EndsWith('.') ? e.Message : $"cannot be read ({e.Message.TrimEnd('.')})";
        return new("data.path", $"{NameOf(array)} {problem}.", "Save it again with numpy.save, numpy.savez or numpy.savez_compressed.", e);
    }
}
