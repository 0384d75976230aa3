using System.Globalization;

namespace OpenTelemetry.Exporter.Internal;

/// <summary>Numbers as Prometheus reads them, in the fewest digits that give the same bits back.</summary>
internal static class Numbers
{
    public static string Value(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>
    /// The form that OpenMetrics wants where a number is a label: two servers must write the same bound the same
    /// way. It is that of %g, with ".0" where nothing else shows that it is a float: 1.0, 0.005, 1e-05, 2.5e+06.
    /// </summary>
    public static string Canonical(double value)
    {
        if (!double.IsFinite(value))
            return Value(value);
        if (value == 0)
            return "0.0";

        // The shortest digits are those of the round trip form; how many there are decides the precision of E.
        var digits = Value(Math.Abs(value)).Split('E')[0].Replace(".", "", StringComparison.Ordinal).Trim('0');
        var scientific = value.ToString($"e{digits.Length - 1}", CultureInfo.InvariantCulture).Split('e');
        var exponent = int.Parse(scientific[1], CultureInfo.InvariantCulture);
        if (exponent is < -4 or >= 6)
            return $"{scientific[0]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)}";

        return value.ToString("F" + Math.Max(1, digits.Length - 1 - exponent).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
