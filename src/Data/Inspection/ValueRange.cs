namespace VaeCluster.Data.Inspection;

/// <summary>The least, the greatest and the mean of values that come in portions. Not for use from two threads at once.</summary>
internal sealed class ValueRange
{
    private double _sum;
    private long _count;

    public double Minimum { get; private set; } = double.PositiveInfinity;

    public double Maximum { get; private set; } = double.NegativeInfinity;

    public double Mean => _sum / _count;

    public void Add(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            (Minimum, Maximum) = (Math.Min(Minimum, value), Math.Max(Maximum, value));
            _sum += value;
        }
        _count += values.Length;
    }

    /// <summary>Adds bytes, which stand for fractions of 255.</summary>
    public void Add(ReadOnlySpan<byte> values)
    {
        var sum = 0L;
        var (least, most) = (byte.MaxValue, byte.MinValue);
        foreach (var value in values)
        {
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
            sum += value;
        }
        (Minimum, Maximum) = (Math.Min(Minimum, least / 255.0), Math.Max(Maximum, most / 255.0));
        _sum += sum / 255.0;
        _count += values.Length;
    }
}
