namespace VaeCluster.Benchmarks.Results;

/// <summary>The median of some values, and their least and greatest.</summary>
internal readonly record struct Spread(double Median, double Min, double Max)
{
    /// <summary>The spread of some values; of an even number the median is the mean of the two in the middle.</summary>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static Spread From(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        if (ordered.Length == 0)
            throw new ArgumentException("There is no value to take the median of.", nameof(values));
        var middle = ordered.Length / 2;
        var median = ordered.Length % 2 == 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
        return new(median, ordered[0], ordered[^1]);
    }
}
