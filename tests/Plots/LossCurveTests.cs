using VaeCluster.Contracts.Runs;
using VaeCluster.Plots;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Plots;

public sealed class LossCurveTests
{
    // The colours of the three curves, and how the plot is divided.
    private static readonly byte[] Elbo = [0, 114, 178];
    private static readonly byte[] Reconstruction = [213, 94, 0];
    private static readonly byte[] Kl = [0, 158, 115];
    private static readonly Range UpperPanel = 100..440;
    private static readonly Range LowerPanel = 466..624;

    [Fact]
    public void Render_ARun_HasItsCurvesInTheirPanels()
    {
        var image = Plot(Lines(100));

        Assert.Equal((1000, 680), (image.Width, image.Height));
        Assert.InRange(ColumnsWith(image, Elbo, UpperPanel), 500, 890);
        Assert.InRange(ColumnsWith(image, Reconstruction, UpperPanel), 500, 890);
        Assert.InRange(ColumnsWith(image, Kl, LowerPanel), 500, 890);
        Assert.Equal(0, ColumnsWith(image, Kl, UpperPanel));
        Assert.Equal(0, ColumnsWith(image, Elbo, LowerPanel));
        Assert.Equal([255, 255, 255], image[2, 2].ToArray());
    }

    [Fact]
    public void Render_FallingLoss_FallsInThePlot()
    {
        var image = Plot(Lines(100));

        Assert.True(RowOf(image, 200, Elbo) < RowOf(image, 900, Elbo), "The curve of -ELBO does not fall.");
        Assert.True(RowOf(image, 900, Elbo) < RowOf(image, 900, Reconstruction), "-ELBO is not above its reconstruction term.");
        Assert.True(RowOf(image, 100, Kl) > RowOf(image, 900, Kl), "The curve of KL does not rise.");
    }

    [Fact]
    public void Render_NoLines_HasAxesWithoutCurves()
    {
        var image = Plot([]);

        Assert.Equal(0, ColumnsWith(image, Elbo, UpperPanel) + ColumnsWith(image, Kl, LowerPanel));
        Assert.True(Inked(image) > 3000, "Neither axes nor words are there.");
    }

    [Fact]
    public void Render_OneLine_HasADotEach()
    {
        var image = Plot(Lines(1));

        Assert.InRange(ColumnsWith(image, Elbo, UpperPanel), 3, 8);
        Assert.InRange(ColumnsWith(image, Kl, LowerPanel), 3, 8);
    }

    [Fact]
    public void Render_ManyThousandLines_ShowsMeanAndSpread()
    {
        var random = new Random(1);
        var image = Plot([.. Lines(50_000).Select(line => line with { Kl = 20 + (10 * random.NextDouble()) })]);

        Assert.InRange(ColumnsWith(image, Kl, LowerPanel), 800, 890);
        // In the lighter colour of the spread, above and below the mean.
        Assert.InRange(Enumerable.Range(466, 158).Count(row => image[500, row][0] is > 150 and < 230 && image[500, row][1] > image[500, row][0]), 40, 80);
    }

    [Fact]
    public void Render_ValuesThatAreNotFinite_LeaveAGap()
    {
        var lines = Lines(100).Select(line => line.Step is > 400 and <= 600 ? line with { Elbo = double.NaN, Reconstruction = double.PositiveInfinity, Kl = double.NegativeInfinity } : line);

        var image = Plot([.. lines]);

        Assert.DoesNotContain(Enumerable.Range(450, 120), column => RowOf(image, column, Elbo) >= 0 || RowOf(image, column, Kl) >= 0);
        Assert.InRange(ColumnsWith(image, Elbo, UpperPanel), 500, 720);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1.7e308)]
    [InlineData(-1.7e308)]
    [InlineData(0)]
    [InlineData(1e-300)]
    [InlineData(1e20)]
    public void Render_NothingButOddValues_IsAPlotStill(double value)
    {
        var line = new MetricsLine { Step = 1, Epoch = 1, Elbo = value, Reconstruction = -value, Kl = value };

        var image = Plot([line, line with { Step = 2, Elbo = Math.BitIncrement(value) }, line with { Step = long.MaxValue, Elbo = -value, Reconstruction = value }]);

        Assert.True(Inked(image) > 3000, "Neither axes nor words are there.");
    }

    [Fact]
    public void Render_HugeFirstValues_LeavesTheRestReadable()
    {
        var lines = Lines(100);
        var spoiled = lines.Select(line => line.Step <= 30 ? line with { Elbo = -1e6, Reconstruction = 1e6 } : line).ToList();

        var (plain, robust) = (Plot(lines), Plot(spoiled));

        // Were the huge values inside the frame, the curve would lie flat at its bottom.
        var height = RowOf(plain, 900, Reconstruction) - RowOf(plain, 300, Reconstruction);
        Assert.InRange(RowOf(robust, 900, Reconstruction) - RowOf(robust, 300, Reconstruction), height / 2, 2 * height);
    }

    [Fact]
    public void Render_StepThatIsThereTwice_TakesTheLater()
    {
        var lines = Lines(100);

        var resumed = Plot([.. lines.Take(60).Select(line => line.Step > 500 ? line with { Elbo = -1000 } : line), .. lines.Skip(50)]);

        Assert.Equal(Plot(lines).Pixels, resumed.Pixels);
    }

    /// <summary>A run as they go: a loss that falls at first fast and then slowly, a KL term that rises from zero.</summary>
    private static List<MetricsLine> Lines(int count) =>
        [.. Enumerable.Range(1, count).Select(i =>
        {
            var t = 10.0 * i / count;
            var (reconstruction, kl) = (90 + (400 * Math.Exp(-4 * t)) + (60 * Math.Exp(-t / 2)), 25 * (1 - Math.Exp(-t)));
            return new MetricsLine { Step = 10 * i, Epoch = 1 + (i * 10 / (count + 1)), Elbo = -(reconstruction + kl), Reconstruction = reconstruction, Kl = kl };
        })];

    private static PngReader Plot(IReadOnlyList<MetricsLine> lines) => PngReader.Read(LossCurve.RenderPng(lines));

    /// <summary>Columns of the plot in which there is nearly this colour.</summary>
    private static int ColumnsWith(PngReader image, byte[] color, Range rows) =>
        Enumerable.Range(79, 887).Count(column => Enumerable.Range(rows.Start.Value, rows.End.Value - rows.Start.Value).Any(row => IsNear(image[column, row], color)));

    /// <summary>The first row of a column's panels that has nearly this colour; -1 without one.</summary>
    private static int RowOf(PngReader image, int column, byte[] color)
    {
        for (var row = UpperPanel.Start.Value; row < LowerPanel.End.Value; row++)
        {
            if (IsNear(image[column, row], color))
                return row;
        }
        return -1;
    }

    // Lines are anti-aliased, so few of their pixels have the colour itself.
    private static bool IsNear(ReadOnlySpan<byte> pixel, byte[] color) =>
        Math.Abs(pixel[0] - color[0]) + Math.Abs(pixel[1] - color[1]) + Math.Abs(pixel[2] - color[2]) < 90;

    private static int Inked(PngReader image) =>
        Enumerable.Range(0, image.Width * image.Height).Count(pixel => image.Pixels[3 * pixel] < 250);
}
