using System.Globalization;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Data.Arrays;

/// <summary>
/// NumPy's .npy and .npz files. Bytes stand for fractions of 255, unless none is above 1, and truth values for 0 and 1; numbers in single
/// or double precision must lie in [0, 1] and are kept in single precision.
/// </summary>
public static class NpySource
{
    /// <summary>Values that a factor may take: the scores keep a table of each value by each.</summary>
    private const int FactorValuesMax = 4096;

    /// <summary>Arrays that a message lists, and characters of a name there.</summary>
    private const int ListedMax = 10;
    private const int ShownLengthMax = 60;

    private static readonly string[] ExampleNames = ["images", "imgs", "x", "x_train", "data", "arr_0"];
    private static readonly string[] LabelNames = ["labels", "label", "y", "y_train", "targets", "arr_1"];
    private static readonly string[] FactorNames = ["factors", "latents_classes"];

    /// <summary>Reads what a spec names.</summary>
    /// <param name="spec">The data section of a complete spec.</param>
    /// <param name="access">What it may use.</param>
    /// <exception cref="DataException">It is not there, or no array of images.</exception>
    public static Dataset Read(DataSpec spec, DataAccess access)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(access);
        using var file = new NpyFile(spec.Path!, access);
        var array = Choose(file, spec.Array);
        var (name, header) = (file.NameOf(array), file.Headers[array]);
        if (!NpyValues.IsPixelType(header.Type))
            throw new DataException("data.path", $"{name} has values of type {header.Type}; pixels are u1, b1, f4 or f8.",
                "Convert it, e.g. with astype('float32').");
        if (header.IsFortran && header.Shape.Count > 1)
            throw new DataException("data.path", $"{name} is in Fortran order, the first axis varying fastest.", "Save numpy.ascontiguousarray(array).");
        var layout = ArrayLayout.Of(name, header, spec.Layout);
        var isFloat = NpyValues.IsFloat(header.Type);
        access.Reserve("data.path", $"{name} ({header.ShapeText} of {header.Type})", header.Count, isFloat ? sizeof(float) : 1);
        return new Dataset(layout.Channels, layout.Height, layout.Width, isFloat ? Floats(file, array, layout) : Bytes(file, array, layout),
            Labels(file, array, layout.Count))
        { Factors = Factors(file, array, layout.Count) };
    }

    /// <summary>The factors of a spec's examples, without the examples; null where the file has none.</summary>
    /// <param name="spec">The data section of a complete spec.</param>
    /// <param name="access">What it may use.</param>
    /// <exception cref="DataException">It is not there, or no array of images.</exception>
    public static FactorTable? ReadFactors(DataSpec spec, DataAccess access)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(access);
        using var file = new NpyFile(spec.Path!, access);
        var array = Choose(file, spec.Array);
        return Factors(file, array, ArrayLayout.Of(file.NameOf(array), file.Headers[array], spec.Layout).Count);
    }

    private static string Choose(NpyFile file, string? asked)
    {
        if (asked is not null && !file.Headers.ContainsKey(asked))
            throw new DataException("data.array", $"data.array is {asked}, and {file.Path} holds {List(file)}.", "Name one of them.");
        if (asked is not null)
            return asked;
        var images = file.Headers.Where(pair => pair.Value.Shape.Count > 1 && NpyValues.IsPixelType(pair.Value.Type)).Select(pair => pair.Key).ToList();
        return images.Count == 1 || file.Headers.Count == 1
            ? images.FirstOrDefault() ?? file.Headers.Keys.First()
            : Array.Find(ExampleNames, images.Contains)
            ?? throw new DataException("data.array", $"data.array is not given, and {file.Path} holds {List(file)}.",
                "Set data.array to the one with the examples.");
    }

    private static string List(NpyFile file) => file.Headers.Count == 0
        ? "no array"
        : string.Join(", ", file.Headers.Take(ListedMax).Select(pair => $"{Shown(pair.Key)} ({pair.Value.ShapeText} of {pair.Value.Type})"))
            + (file.Headers.Count > ListedMax ? $" and {file.Headers.Count - ListedMax} more" : "");

    /// <summary>A name that an archive gives, which may be of any length.</summary>
    private static string Shown(string name) => name.Length switch
    {
        0 => "one array without a name",
        <= ShownLengthMax => name,
        _ => $"{name[..ShownLengthMax]}...",
    };

    private static BytePixels Bytes(NpyFile file, string array, ArrayLayout layout)
    {
        var values = file.Read(array, NpyValues.ReadBytes);
        // Arrays of zeros and ones are often kept as bytes; as fractions of 255 all of them would be black.
        if (!values.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            foreach (ref var value in values.AsSpan())
                value *= 255;
        }
        return new BytePixels(ChannelsFirst(values, layout));
    }

    private static FloatPixels Floats(NpyFile file, string array, ArrayLayout layout)
    {
        var values = file.Read(array, NpyValues.ReadFloats);
        var outside = Array.FindIndex(values, value => value is not (>= 0 and <= 1));
        if (outside >= 0)
        {
            var dimensions = layout.Channels * layout.Height * layout.Width;
            var numbers = values.Where(value => !float.IsNaN(value)).DefaultIfEmpty().ToList();
            var (least, most) = (numbers.Min(), numbers.Max());
            throw new DataException(
                "data.path",
                string.Create(CultureInfo.InvariantCulture,
                    $"{file.NameOf(array)} has {values[outside]} in example {outside / dimensions}, and its numbers go from {least} to {most}; "
                        + $"they must lie in [0, 1]."),
                !float.IsNaN(values[outside]) && least >= 0 && most is > 1 and <= 255
                    ? "Divide it by 255."
                    : "Scale it, and take out what is not a number.");
        }
        return new FloatPixels(ChannelsFirst(values, layout));
    }

    /// <summary>From rows of pixels to planes of channels, image after image.</summary>
    private static T[] ChannelsFirst<T>(T[] values, ArrayLayout layout)
    {
        if (!layout.IsChannelsLast || layout.Channels == 1)
            return values;
        var (channels, plane) = (layout.Channels, layout.Height * layout.Width);
        var image = new T[channels * plane];
        for (var start = 0L; start < values.LongLength; start += image.Length)
        {
            Array.Copy(values, start, image, 0, image.Length);
            for (var i = 0; i < image.Length; i++)
                values[start + ((i % channels) * plane) + (i / channels)] = image[i];
        }
        return values;
    }

    private static byte[]? Labels(NpyFile file, string array, int count)
    {
        var name = Array.Find(LabelNames,
            label =>
                label != array
                    && file.Headers.TryGetValue(label, out var header)
                    && header.Shape.SequenceEqual([(long)count])
                    && NpyValues.IsWhole(header.Type));
        if (name is null)
            return null;
        var labels = file.Read(name, NpyValues.ReadWhole);
        var bad = Array.FindIndex(labels, label => label is < 0 or > byte.MaxValue);
        return bad < 0
            ? [.. labels.Select(label => (byte)label)]
            : throw new DataException("data.path", $"{file.NameOf(name)} has {labels[bad]} at {bad}; a label is 0 to {byte.MaxValue}.",
                "Number the classes from 0, or leave the array out.");
    }

    private static FactorTable? Factors(NpyFile file, string array, int count)
    {
        var name = Array.Find(FactorNames,
            factors =>
                factors != array
                    && file.Headers.TryGetValue(factors, out var header)
                    && header.Shape is [var rows, > 0]
                    && rows == count
                    && !header.IsFortran
                    && NpyValues.IsWhole(header.Type));
        if (name is null)
            return null;
        if (file.Headers[name].Shape[1] > DataLimits.FactorsMax)
            throw new DataException(
                "data.path",
                $"{file.NameOf(name)} has {file.Headers[name].Shape[1]} factors; an example has at most {DataLimits.FactorsMax}.",
                "Keep the factors that are to be scored, or leave the array out.");
        var values = file.Read(name, NpyValues.ReadWhole);
        var bad = Array.FindIndex(values, value => value is < 0 or >= FactorValuesMax);
        if (bad >= 0)
            throw new DataException(
                "data.path",
                $"{file.NameOf(name)} has {values[bad]}; a factor is an index from 0 to {FactorValuesMax - 1}.",
                "Number the values of each factor from 0, or leave the array out.");
        var columns = (int)file.Headers[name].Shape[1];
        var sizes = Enumerable.Range(0, columns).Select(column => 1 + (int)Enumerable.Range(0, count).Max(row => values[(row * columns) + column])).ToArray();
        return new FactorTable([.. sizes.Select((_, column) => $"factor{column}")], sizes, [.. values.Select(value => (int)value)]);
    }
}
