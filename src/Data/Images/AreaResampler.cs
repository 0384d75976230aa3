namespace VaeCluster.Data.Images;

/// <summary>
/// Resizes a square of an image by area: each new pixel is the mean of the old ones under it, weighted by how much of each lies under it. From
/// side S to side D, new pixel i covers the old axis from i S / D to (i + 1) S / D; in units of 1 / D its weights are whole
/// numbers that add up to S, so sums are exact, and the quotient by S^2 is rounded to the nearest, halves up. No rounding depends on a machine.
/// </summary>
internal sealed class AreaResampler
{
    private readonly DecodedImage _image;
    private readonly int _left;
    private readonly int _top;
    private readonly int _from;
    private readonly int _to;
    private readonly int[] _row;
    private int _rowIndex = -1;

    private AreaResampler(DecodedImage image, int left, int top, int from, int to)
    {
        _image = image;
        _left = left;
        _top = top;
        _from = from;
        _to = to;
        _row = new int[to * image.Channels];
    }

    /// <summary>Cuts a square from the middle (the half pixel of an odd rest goes right and below) and resizes it.</summary>
    /// <param name="image">What to take it from.</param>
    /// <param name="side">The square's side, at most the image's shorter one.</param>
    /// <param name="to">The side that it gets, D.</param>
    /// <param name="destination">Takes plane after plane, channels * D * D bytes.</param>
    public static void Resize(DecodedImage image, int side, int to, Span<byte> destination) =>
        new AreaResampler(image, (image.Width - side) / 2, (image.Height - side) / 2, side, to).Run(destination);

    private void Run(Span<byte> destination)
    {
        var sums = new long[_row.Length];
        var area = (long)_from * _from;
        for (var y = 0; y < _to; y++)
        {
            Array.Clear(sums);
            var (first, last) = Covered(y);
            for (var j = first; j <= last; j++)
            {
                var weight = Weight(y, j);
                LoadRow(j);
                for (var i = 0; i < sums.Length; i++)
                    sums[i] += (long)weight * _row[i];
            }
            for (var i = 0; i < sums.Length; i++)
            {
                var (x, channel) = (i / _image.Channels, i % _image.Channels);
                destination[(((channel * _to) + y) * _to) + x] = (byte)(((2 * sums[i]) + area) / (2 * area));
            }
        }
    }

    /// <summary>The weighted sums along a row of the square; the row that two new ones share is summed once.</summary>
    private void LoadRow(int j)
    {
        if (_rowIndex == j)
            return;
        _rowIndex = j;
        var channels = _image.Channels;
        var pixels = _image.Pixels.AsSpan((((_top + j) * _image.Width) + _left) * channels, _from * channels);
        for (var x = 0; x < _to; x++)
        {
            var (first, last) = Covered(x);
            for (var channel = 0; channel < channels; channel++)
            {
                var sum = 0;
                for (var i = first; i <= last; i++)
                    sum += Weight(x, i) * pixels[(i * channels) + channel];
                _row[(x * channels) + channel] = sum;
            }
        }
    }

    /// <summary>The old pixels that a new one lies over at all.</summary>
    private (int First, int Last) Covered(int i) => ((int)((long)i * _from / _to), (int)((((long)(i + 1) * _from) - 1) / _to));

    /// <summary>How much of an old pixel lies under a new one, in units of 1 / D.</summary>
    private int Weight(int i, int old) =>
        (int)(Math.Min((long)(old + 1) * _to, (long)(i + 1) * _from) - Math.Max((long)old * _to, (long)i * _from));
}
