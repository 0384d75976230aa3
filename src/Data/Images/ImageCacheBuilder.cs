using System.Security.Cryptography;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Data.Images;

/// <summary>Decodes the files of a folder, a few dozen at a time, so that the memory it takes does not grow with the folder.</summary>
internal sealed class ImageCacheBuilder
{
    private const int FilesAtOnce = 64;
    private const int BadNamesMax = 100;

    private readonly ImageFolder _folder;
    private readonly DataSpec _spec;
    private readonly DataAccess _access;
    private readonly List<byte> _labels = [];
    private readonly List<string> _badNames = [];
    private int _badFiles;
    private volatile bool _areSomeTooSmall;

    public ImageCacheBuilder(ImageFolder folder, DataSpec spec, DataAccess access)
    {
        _folder = folder;
        _spec = spec;
        _access = access;
    }

    private int Channels => _spec.Channels;

    private int ImageBytes => Channels * _spec.ImageSize * _spec.ImageSize;

    /// <summary>What the pixels take when every file is valid.</summary>
    public long PixelBytesMax => (long)_folder.Files.Count * ImageBytes;

    /// <summary>Writes the pixels of all valid files, in order.</summary>
    /// <exception cref="DataException">Files are bad and the spec does not skip them, or no file is valid.</exception>
    public (ImageCacheIndex Index, byte[] Labels) WritePixels(Stream destination)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var pixels = new byte[FilesAtOnce * ImageBytes];
        var count = 0;
        for (var first = 0; first < _folder.Files.Count; first += FilesAtOnce)
        {
            var problems = DecodeSome(first, pixels);
            for (var i = 0; i < problems.Length; i++)
            {
                if (!Take(_folder.Files[first + i], problems[i]))
                    continue;
                var image = pixels.AsSpan(i * ImageBytes, ImageBytes);
                hash.AppendData(image);
                destination.Write(image);
                count++;
            }
            _access.Progress?.Report(new(
                $"Decoding {_folder.Path}: {first + problems.Length} of {_folder.Files.Count} files.",
                first + problems.Length,
                _folder.Files.Count));
        }
        RefuseBadFiles(count);
        byte[] labels = [.. _labels];
        return (new ImageCacheIndex
        {
            Channels = Channels,
            Side = _spec.ImageSize,
            Count = count,
            PixelsSha256 = Convert.ToHexStringLower(hash.GetHashAndReset()),
            LabelsSha256 = labels.Length > 0 ? Convert.ToHexStringLower(SHA256.HashData(labels)) : "",
            BadFiles = _badFiles,
            BadNames = _badNames,
            Source = Path.GetFullPath(_folder.Path),
        }, labels);
    }

    private string?[] DecodeSome(int first, byte[] pixels)
    {
        var problems = new string?[Math.Min(FilesAtOnce, _folder.Files.Count - first)];
        Parallel.For(0, problems.Length, ImageDecoding.InParallel(_access), i =>
        {
            try
            {
                var image = ImageReader.Read(_folder.Path, _folder.Files[first + i], _access);
                ImageReader.Fit(image, _spec, pixels.AsSpan(i * ImageBytes, ImageBytes));
            }
            catch (BadImageException e)
            {
                problems[i] = e.Message;
                if (e.IsTooSmall)
                    _areSomeTooSmall = true;
            }
        });
        return problems;
    }

    private bool Take(ImageFile file, string? problem)
    {
        if (problem is not null)
        {
            _badFiles++;
            if (_badNames.Count < BadNamesMax)
                _badNames.Add($"{file.Name} {problem}");
            return false;
        }
        if (_folder.Classes.Count > 0)
            _labels.Add(_folder.LabelOf(file));
        return true;
    }

    private void RefuseBadFiles(int count)
    {
        if (_badFiles > 0 && (_spec.BadFiles == BadFileAction.Fail || count == 0))
            throw new DataException(
                "data.path",
                $"{_badFiles} of {_folder.Files.Count} files in {_folder.Path} cannot be used: {ImageSource.Name(_badFiles, _badNames)}.",
                FixFor(count));
    }

    private string FixFor(int count) => (count == 0, _areSomeTooSmall) switch
    {
        (true, true) => "Lower data.crop, or leave it out for the largest square of each image.",
        (true, false) => "Give a folder of valid PNG and JPEG files.",
        (false, true) => "Lower data.crop, repair or remove the files, or set data.badFiles to skip.",
        (false, false) => "Repair or remove them, or set data.badFiles to skip.",
    };
}
