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
    /// <param name="progress">Notified while it is made, and of the files that were left out.</param>
    /// <param name="cacheFolder">Where the cache is; <see cref="CacheFolder.Default"/> when left out.</param>
    /// <exception cref="DataException">The folder is not usable, or files in it are not and the spec does not skip them.</exception>
    public static Dataset Read(DataSpec spec, IProgress<DataProgress>? progress = null, string? cacheFolder = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var folder = ImageFolder.List(spec.Path!);
        var cache = new ImageCache(cacheFolder ?? CacheFolder.Default, KeyOf(folder, spec));
        var content = cache.Open(progress) ?? Make(cache, folder, spec, progress);
        var index = content.Index;
        if (index.BadFiles > 0)
            progress?.Report(new(
                $"{index.BadFiles} of {folder.Files.Count} files in {folder.Path} are left out: {Name(index.BadFiles, index.BadNames)}.",
                index.Count,
                folder.Files.Count));
        return new Dataset(index.Channels, index.Side, index.Side, content.Pixels, content.Labels)
        {
            Classes = folder.Classes.Count > 0 ? folder.Classes : null,
        };
    }

    /// <summary>The first few of a list of problems, and how many more there are.</summary>
    internal static string Name(int count, IReadOnlyList<string> problems) =>
        string.Join("; ", problems.Take(NamedMax)) + (count > NamedMax ? $"; and {count - NamedMax} more" : "");

    private static ImageCacheContent Make(ImageCache cache, ImageFolder folder, DataSpec spec, IProgress<DataProgress>? progress)
    {
        using var turn = cache.WaitForTurn(progress);
        // Whoever had the turn before us made what we came for.
        if (cache.Open(progress) is { } made)
            return made;
        var builder = new ImageCacheBuilder(folder, spec, progress);
        cache.Write(builder);
        return cache.Open(progress)
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
