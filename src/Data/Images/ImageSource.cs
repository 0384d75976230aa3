using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Data.Images;

/// <summary>
/// A folder of PNG and JPEG files, each cut to a square, resized and turned into the channels asked for. That is done once, into a file of the
/// cache that every process of the machine maps; its name says which files, of which size and time, were made into what.
/// </summary>
public static class ImageSource
{
    private const int NamedMax = 10;

    /// <summary>Opens the cache of a folder, and makes it when it is not there.</summary>
    /// <param name="spec">The data section of a complete spec.</param>
    /// <param name="access">What it may use. Its progress is notified while the cache is made, and of the files that were left out.</param>
    /// <exception cref="DataException">The folder is not usable, or files in it are not and the spec does not skip them.</exception>
    public static Dataset Read(DataSpec spec, DataAccess access)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(access);
        var folder = ImageFolder.List(spec.Path!, access);
        var cache = new ImageCache(access.CacheFolder ?? CacheFolder.Default, KeyOf(folder, spec));
        var content = cache.Open(access.Progress) ?? Make(cache, folder, spec, access);
        var index = content.Index;
        if (index.BadFiles > 0)
            access.Progress?.Report(new(
                $"{index.BadFiles} of {folder.Files.Count} files in {folder.Path} are left out: {Name(index.BadFiles, index.BadNames)}.",
                folder.Files.Count,
                folder.Files.Count));
        return new Dataset(index.Channels, index.Side, index.Side, content.Pixels, content.Labels)
        {
            Classes = folder.Classes.Count > 0 ? folder.Classes : null,
        };
    }

    /// <summary>The first few of a list of problems, and how many more there are.</summary>
    internal static string Name(int count, IReadOnlyList<string> problems) =>
        string.Join("; ", problems.Take(NamedMax)) + (count > NamedMax ? $"; and {count - NamedMax} more" : "");

    private static ImageCacheContent Make(ImageCache cache, ImageFolder folder, DataSpec spec, DataAccess access)
    {
        using var turn = cache.WaitForTurn(access);
        // Whoever had the turn before us made what we came for.
        if (cache.Open(access.Progress) is { } made)
            return made;
        var builder = new ImageCacheBuilder(folder, spec, access);
        cache.Write(builder);
        return cache.Open(access.Progress)
            ?? throw new InvalidOperationException($"The cache {cache.Path} was written and is not valid; another program writes to it.");
    }

    private static string KeyOf(ImageFolder folder, DataSpec spec)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
        Add(string.Create(CultureInfo.InvariantCulture, $"{ImageCache.Format} {spec.ImageSize} {spec.Crop} {spec.Channels} {spec.BadFiles}"));
        foreach (var file in folder.Files)
            Add(string.Create(CultureInfo.InvariantCulture, $"{file.Name}\0{file.Length}\0{file.ModifiedAt}"));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }
}
