using System.Globalization;

namespace VaeCluster.Training.Pictures;

/// <summary>A range of values with round ticks inside it: multiples of 1, 2 or 5 times a power of ten (Heckbert 1990, "Nice numbers for graph labels").</summary>
internal sealed class Axis
{
    private readonly double _step;

    /// <summary>An axis over a range; a range without extent is widened, so that a value always has a place.</summary>
    /// <param name="low">Its low end.</param>
    /// <param name="high">Its high end.</param>
    /// <param name="ticksAbout">At most about so many ticks.</param>
    /// <param name="stepMin">The least distance of two ticks: 1 for things that are counted.</param>
    public Axis(double low, double high, int ticksAbout, double stepMin = 0)
    {
        if (high - low < 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high)) || high <= low)
            (low, high) = (low - Widening(low), high + Widening(high));
        (Low, High) = (low, high);
        _step = Math.Max(stepMin, NiceStep((high - low) / ticksAbout));
    }

    public double Low { get; }

    public double High { get; }

    public IEnumerable<double> Ticks
    {
        get
        {
            var first = Math.Ceiling((Low / _step) - 1e-9);
            var count = Math.Floor((High / _step) + 1e-9) - first + 1;
            for (var i = 0; i < count; i++)
                yield return (first + i) * _step;
        }
    }

    /// <summary>Where a value lies: 0 at the low end, 1 at the high end.</summary>
    public double Fraction(double value) => (value - Low) / (High - Low);

    /// <summary>A tick as people write it, with no more digits than its neighbours need.</summary>
    public string Label(double tick)
    {
        if (_step < 1e-4)
            return tick.ToString("0.##e0", CultureInfo.InvariantCulture);
        // Adding 0 turns the negative zero that a multiple may be into a plain one.
        return Show(tick + 0, Math.Max(0, (int)-Math.Floor(Math.Log10(_step) + 1e-9)));
    }

    /// <summary>A number as people write it; a huge one with a power of ten, because its digits would not fit.</summary>
    public static string Show(double value, int decimals) => Math.Abs(value) >= 1e7
        ? value.ToString("0.##e0", CultureInfo.InvariantCulture)
        : value.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>The smallest of 1, 2, 5 and 10 times a power of ten that is not below a length.</summary>
    public static double NiceStep(double length)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(length)));
        var digit = length / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    private static double Widening(double value) => Math.Max(0.5, Math.Abs(value) * 0.1);
}
