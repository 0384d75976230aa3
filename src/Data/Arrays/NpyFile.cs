using System.IO.Compression;
using VaeCluster.Data.Files;

namespace VaeCluster.Data.Arrays;

/// <summary>The arrays of a .npy file (one) or of a .npz archive (each in an entry of its own, stored or deflated).</summary>
internal sealed class NpyFile : IDisposable
{
    private readonly DataAccess _access;
    private readonly Stream _file;
    private readonly ZipArchive? _archive;
    private readonly Dictionary<string, NpyHeader> _headers = new(StringComparer.Ordinal);

    /// <summary>Opens a file and reads the headers of its arrays.</summary>
    /// <param name="path">The file.</param>
    /// <param name="access">What it may use.</param>
    /// <exception cref="DataException">It cannot be read, or is neither.</exception>
    public NpyFile(string path, DataAccess access)
    {
        Path = path;
        _access = access;
        _file = Open();
        try
        {
            _archive = OpenArchive();
            foreach (var name in _archive is null ? [""] : NamesIn(_archive))
            {
                using var stream = OpenEntry(name);
                _headers[name] = NpyHeader.Read(stream);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            Dispose();
            throw Damaged("", e);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>The arrays by name; a .npy file has one, whose name is empty.</summary>
    public IReadOnlyDictionary<string, NpyHeader> Headers => _headers;

    /// <summary>How an array is called in a message.</summary>
    public string NameOf(string array) => array.Length == 0 ? Path : $"{Path}:{array}";

    /// <summary>Reads the values of an array.</summary>
    /// <param name="array">Its name.</param>
    /// <param name="read">Reads them from a stream that stands behind the header.</param>
    /// <exception cref="DataException">The file is damaged, or its content far longer than the file.</exception>
    public T Read<T>(string array, Func<Stream, NpyHeader, T> read)
    {
        try
        {
            using var stream = OpenEntry(array);
            var header = NpyHeader.Read(stream);
            CheckLength(array, stream, header);
            return read(stream, header);
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

    private Stream Open() => _access.KindOf(Path) is PathKind.File
        ? _access.OpenFile(Path)
        : throw new DataException(
            "data.path",
            $"data.path is {Path}, and there is no such file on this silo ({System.IO.Path.GetFullPath(Path)}).",
            "Give the .npy or .npz file, as the silos see it.");

    private ZipArchive? OpenArchive()
    {
        var isZip = _file.ReadByte() == 'P' && _file.ReadByte() == 'K';
        _file.Position = 0;
        if (!isZip)
            return null;
        ZipList.Check(_file);
        return new ZipArchive(_file, ZipArchiveMode.Read, leaveOpen: true);
    }

    private static IEnumerable<string> NamesIn(ZipArchive archive)
    {
        if (archive.Entries.Count > DataLimits.ArchiveEntriesMax)
            throw new InvalidDataException($"has {archive.Entries.Count} entries; at most {DataLimits.ArchiveEntriesMax} are read");
        return archive.Entries.Select(entry => entry.FullName).Where(name => name.EndsWith(".npy", StringComparison.Ordinal)).Select(name => name[..^4]);
    }

    private Stream OpenEntry(string name)
    {
        if (_archive is not null)
            return _archive.GetEntry(name + ".npy")!.Open();
        // A stream of its own: whoever reads closes it.
        return _access.OpenFile(Path);
    }

    /// <summary>Compares what a header announces with what is there, before memory is taken for it.</summary>
    private void CheckLength(string array, Stream stream, NpyHeader header)
    {
        var announced = header.Count * NpyValues.BytesOf(header.Type);
        if (_archive?.GetEntry(array + ".npy") is { } entry)
            Expansion.Check(NameOf(array), announced, entry.CompressedLength);
        else if (stream.Length - stream.Position is var found && found < announced)
            throw NpyValues.TooShort(header, found);
    }

    private DataException Damaged(string array, Exception e)
    {
        // What we found ourselves is a clause to be read after the name; what the system says is a sentence.
        var problem = e is InvalidDataException && !e.Message.EndsWith('.') ? e.Message : $"cannot be read ({e.Message.TrimEnd('.')})";
        return new("data.path", $"{NameOf(array)} {problem}.", "Save it again with numpy.save, numpy.savez or numpy.savez_compressed.", e);
    }
}
