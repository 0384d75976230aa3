using OpenTelemetry.Exporter.Internal;

namespace VaeCluster.Compat.OpenTelemetry;

/// <summary>Names and numbers, as the real exporter makes them.</summary>
public sealed class NamesTests
{
    [Theory]
    [InlineData("http.server.duration", "s", "http_server_duration_seconds")]
    [InlineData("bytes", "By", "bytes")]
    [InlineData("a..b--c", "", "a_b_c")]
    [InlineData("9lives", "", "_lives")]
    [InlineData("ns:name", "1", "ns:name")]
    [InlineData("speed", "m/s", "speed_meters_per_second")]
    [InlineData("rate", "{request}/s", "rate_per_second")]
    [InlineData("odd", "foo/", "odd_foo")]
    [InlineData("load", "%", "load_percent")]
    [InlineData("köln", "", "k_ln")]
    public void Of_Gauge_IsNamed(string name, string unit, string expected)
    {
        var result = PrometheusName.Of(name, unit, PrometheusType.Gauge, keepCounterName: false);

        Assert.Equal((expected, expected, expected), (result.Text, result.OpenMetrics, result.OpenMetricsFamily));
    }

    [Theory]
    [InlineData("steps", "", "steps_total", "steps_total", "steps")]
    [InlineData("steps_total", "", "steps_total", "steps_total", "steps")]
    [InlineData("io", "By", "io_bytes_total", "io_bytes_total", "io_bytes")]
    [InlineData("db_bytes_total", "By", "db_bytes_total", "db_bytes_total", "db_bytes")]
    public void Of_Counter_IsNamed(string name, string unit, string text, string openMetrics, string family)
    {
        var result = PrometheusName.Of(name, unit, PrometheusType.Counter, keepCounterName: false);

        Assert.Equal((text, openMetrics, family), (result.Text, result.OpenMetrics, result.OpenMetricsFamily));
    }

    [Theory]
    [InlineData(0, "0.0")]
    [InlineData(1, "1.0")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(0.005, "0.005")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(100000, "100000.0")]
    [InlineData(123456.75, "123456.75")]
    [InlineData(1000000, "1e+06")]
    [InlineData(2500000, "2.5e+06")]
    [InlineData(1e-300, "1e-300")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    public void Canonical_OfNumber_IsGo(double value, string expected) => Assert.Equal(expected, Numbers.Canonical(value));
}
