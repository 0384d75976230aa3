using VaeCluster.Data.Files;

namespace VaeCluster.Data;

/// <summary>
/// What whoever opens data may use: which folders, how much memory, which cache, until when. Every file of a source is opened through it, so that the same
/// rules hold for all of them. By default it bounds nothing but what a file may be: a regular one.
/// </summary>
public sealed class DataAccess
{
    private readonly DataReservation _reservation;
    private readonly DataPulse _pulse;

    /// <summary>Access without bounds, or with those that an initializer gives.</summary>
    public DataAccess()
        : this(new DataReservation(new DataMemory(long.MaxValue)), new DataPulse(TimeProvider.System))
    {
    }

    private DataAccess(DataReservation reservation, DataPulse pulse)
    {
        _reservation = reservation;
        _pulse = pulse;
    }

    /// <summary>The folders that may be read.</summary>
    /// <value>Default <see cref="DataRoots.Anywhere"/>.</value>
    public DataRoots Roots { get; init; } = DataRoots.Anywhere;

    /// <summary>The memory that the data share with others.</summary>
    /// <value>Default none: only what the process may have bounds them.</value>
    public DataMemory Memory { get; init; } = new(long.MaxValue);

    /// <summary>Notified of work that takes long.</summary>
    public IProgress<DataProgress>? Progress { get; init; }

    /// <summary>Where decoded images are kept; <see cref="Data.CacheFolder.Default"/> when left out.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Ends the work.</summary>
    public CancellationToken CancellationToken { get; private init; }

    /// <summary>How long no file was read and nothing else was noted.</summary>
    internal TimeSpan IdleTime => _pulse.IdleTime;

    /// <summary>Opens a file of the data, to be read and closed by the caller.</summary>
    /// <param name="path">The file, or a link to it.</param>
    /// <exception cref="DataException">
    /// It is outside of <see cref="Roots"/>, not there, not a regular file, or not readable. The message never has anything of its content.
    /// </exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public Stream OpenFile(string path)
    {
        using var found = Find(path)
            ?? throw new DataException("data.path", $"{path} is not there.", "Give the path of a file, as the silos see it.");
        if (found.Kind != PathKind.File)
            throw new DataException("data.path", $"{path} is a folder; a file is expected there.", "Give the path of a file, as the silos see it.");
        try
        {
            return new DataStream(new FileStream(found.HeldPath, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16), this);
        }
        catch (UnauthorizedAccessException e)
        {
            throw Unreadable(path, $"access to it is denied to the user that this process runs as ({Environment.UserName})", e);
        }
        catch (IOException e)
        {
            throw Unreadable(path, e.Message.Replace(found.HeldPath, path, StringComparison.Ordinal).TrimEnd('.'), e);
        }
    }

    /// <summary>Takes memory for values before they are read. It is given back with the data set.</summary>
    /// <param name="path">The field to blame, e.g. <c>data.path</c>.</param>
    /// <param name="what">What they are, e.g. <c>/data/x.npy (60000x28x28)</c>.</param>
    /// <param name="values">How many.</param>
    /// <param name="bytesPerValue">Of each, in memory.</param>
    /// <exception cref="DataException">They do not fit.</exception>
    public void Reserve(string path, string what, Int128 values, int bytesPerValue)
    {
        MemoryRoom.Check(path, what, values, bytesPerValue);
        _reservation.Add(path, what, (long)(values * bytesPerValue));
    }

    /// <summary>The same access for a call that may be cancelled.</summary>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <param name="time">The clock that idle time is measured with; the system's when left out.</param>
    public DataAccess For(CancellationToken cancellationToken, TimeProvider? time = null) =>
        new(_reservation, new DataPulse(time ?? TimeProvider.System))
        {
            Roots = Roots,
            Memory = Memory,
            Progress = Progress,
            CacheFolder = CacheFolder,
            CancellationToken = cancellationToken,
        };

    /// <summary>The same access for one data set, which keeps the reservation.</summary>
    internal DataAccess With(DataReservation reservation) => new(reservation, _pulse)
    {
        Roots = Roots,
        Memory = Memory,
        Progress = Progress,
        CacheFolder = CacheFolder,
        CancellationToken = CancellationToken,
    };

    /// <summary>Notes that the work goes on, and ends it where it was cancelled.</summary>
    internal void NoteProgress()
    {
        CancellationToken.ThrowIfCancellationRequested();
        _pulse.Beat();
    }

    /// <summary>What is at a path; null when nothing is.</summary>
    /// <exception cref="DataException">It is outside of the roots, or neither a regular file nor a folder.</exception>
    internal PathKind? KindOf(string path)
    {
        using var found = Find(path);
        return found?.Kind;
    }

    /// <summary>Follows a path and checks where it leads. The caller owns the result; null when nothing is there.</summary>
    /// <exception cref="DataException">It is outside of the roots, or neither a regular file nor a folder.</exception>
    internal FoundPath? Find(string path)
    {
        NoteProgress();
        var full = Path.GetFullPath(path);
        FoundPath? found;
        try
        {
            found = FoundPath.Find(full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whether something is there is nobody's business outside of the roots.
            throw Roots.Names(full) ? Unreadable(path, e.Message.TrimEnd('.'), e) : Outside(path);
        }
        if (found is null ? Roots.WouldContain(full) : Roots.Contain(found.RealPath) && found.Kind is PathKind.File or PathKind.Folder)
            return found;
        using (found)
            throw found is not null && Roots.Contain(found.RealPath) ? NoData(path, found.Kind) : Outside(path);
    }

    private DataException Outside(string path) => new(
        "data.path",
        $"{path} is outside of the folders that this silo reads data from ({Roots}), or a link that leads out of them.",
        "Put the data there, or start the silos with a --data-roots that has their folder.");

    private static DataException NoData(string path, PathKind kind) => new(
        "data.path",
        $"{path} is {NameOf(kind)}; data are regular files, and folders of them.",
        "Copy the data into a file.");

    private static string NameOf(PathKind kind) => kind switch
    {
        PathKind.Pipe => "a named pipe",
        PathKind.Socket => "a socket",
        PathKind.Device => "a device",
        _ => "made up by the kernel",
    };

    private static DataException Unreadable(string path, string reason, Exception e) =>
        new("data.path", $"{path} cannot be read: {reason}.", "Check that the silo may read it.", e);
}
