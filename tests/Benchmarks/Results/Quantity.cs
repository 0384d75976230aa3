using System.Globalization;

namespace VaeCluster.Benchmarks.Results;

/// <summary>What a measurement is read as.</summary>
/// <param name="Unit">Its unit.</param>
/// <param name="Of">The value of a measurement in that unit.</param>
/// <param name="Format">How a value is written.</param>
/// <param name="HasCpu">Whether processor seconds per thousand counted mean anything.</param>
internal sealed record Quantity(string Unit, Func<Measurement, double> Of, string Format, bool HasCpu = false)
{
    public static Quantity SamplesPerSecond { get; } = new("samples/s", measured => measured.Rate, "N0", HasCpu: true);

    public static Quantity ExamplesPerSecond { get; } = new("examples/s", measured => measured.Rate, "N1", HasCpu: true);

    public static Quantity GigabytesPerSecond { get; } = new("GB/s", measured => measured.Rate / 1e9, "N2");

    public static Quantity MillisecondsPerStep { get; } = new("ms", measured => 1000 * measured.SecondsEach, "N2", HasCpu: true);

    public static Quantity Seconds { get; } = new("s", measured => measured.SecondsEach, "N2");

    /// <summary>A value with its unit.</summary>
    public string Text(double value) => $"{value.ToString(Format, CultureInfo.InvariantCulture)} {Unit}";
}
