using VaeCluster.Data.Images;

namespace VaeCluster.Data.Inspection;

/// <summary>Decodes every image of a folder, and keeps only what is to be reported of it.</summary>
internal sealed class ImageInspector
{
    private const int FilesAtOnce = 64;
    private const int BadNamesMax = 100;
    private const int ShapesMax = 4;

    private readonly ImageFolder _folder;
    private readonly DataAccess _access;
    private readonly ValueRange _values = new();
    private readonly Dictionary<string, int> _shapes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _labels = new(StringComparer.Ordinal);
    private readonly List<string> _badNames = [];
    private int _badFiles;

    private ImageInspector(ImageFolder folder, DataAccess access)
    {
        _folder = folder;
        _access = access;
    }

    public static DataReport Inspect(string path, DataAccess access) => new ImageInspector(ImageFolder.List(path, access), access).Run();

    private DataReport Run()
    {
        for (var first = 0; first < _folder.Files.Count; first += FilesAtOnce)
        {
            var count = Math.Min(FilesAtOnce, _folder.Files.Count - first);
            Parallel.For(first, first + count, ImageDecoding.InParallel(_access), i => Look(_folder.Files[i]));
            _access.Progress?.Report(new($"Decoding {_folder.Path}: {first + count} of {_folder.Files.Count} files.", first + count, _folder.Files.Count));
        }
        var examples = _folder.Files.Count - _badFiles;
        return new DataReport
        {
            Source = "images",
            Path = _folder.Path,
            Examples = examples,
            Shape = examples == 0 ? "none" : ShapesText(),
            Minimum = examples == 0 ? double.NaN : _values.Minimum,
            Maximum = examples == 0 ? double.NaN : _values.Maximum,
            Mean = _values.Mean,
            Labels = _labels.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(),
            BadFiles = _badFiles,
            BadNames = [.. _badNames.Order(StringComparer.Ordinal).Take(BadNamesMax)],
        };
    }

    private void Look(ImageFile file)
    {
        try
        {
            var image = ImageReader.Read(_folder.Path, file, _access);
            lock (_values)
                Take(file, image);
        }
        catch (BadImageException e)
        {
            lock (_values)
            {
                _badFiles++;
                _badNames.Add($"{file.Name} {e.Message}");
            }
        }
    }

    private void Take(ImageFile file, DecodedImage image)
    {
        _values.Add(image.Pixels);
        Count(_shapes, $"{image.Channels}x{image.Height}x{image.Width}");
        if (_folder.Classes.Count > 0)
            Count(_labels, _folder.Classes[_folder.LabelOf(file)]);
    }

    private static void Count(Dictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;

    private string ShapesText()
    {
        var most = _shapes.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(ShapesMax);
        var text = string.Join(", ", most.Select(pair => $"{pair.Key} ({pair.Value})"));
        return _shapes.Count == 1 ? _shapes.Keys.Single() : _shapes.Count > ShapesMax ? $"{text} and {_shapes.Count - ShapesMax} others" : text;
    }
}
