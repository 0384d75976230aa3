using TorchSharp.Modules;

namespace Compat.TorchSharp.Tests;

public sealed class LayerTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Linear_IsInputTimesWeightPlusBias()
    {
        using var linear = nn.Linear(2, 2, dtype: ScalarType.Float64);
        linear.weight = nn.Parameter(Assertions.Doubles(new double[,] { { 1, 2 }, { 3, 4 } }));
        linear.bias = nn.Parameter(Assertions.Doubles(10, 20));

        Assertions.Holds(linear.call(Assertions.Doubles(new double[,] { { 1, -1 } })), 9, 19);
        Assert.Equal(["weight", "bias"], linear.named_parameters().Select(named => named.name));
    }

    [Fact]
    public void Linear_WhenMade_IsWithinItsBound()
    {
        using var linear = nn.Linear(16, 500);

        Assert.InRange(linear.weight.abs().max().item<float>(), 0.24f, 0.25f);
        Assert.InRange(linear.bias!.abs().max().item<float>(), 0.24f, 0.25f);
    }

    [Theory]
    [InlineData(28, 3, 2, 1, 14)]
    [InlineData(8, 4, 2, 1, 4)]
    [InlineData(5, 3, 1, 0, 3)]
    public void Conv2d_Sizes_FollowTheFormula(long size, long kernel, long stride, long padding, long expected)
    {
        using var conv = nn.Conv2d(2, 6, kernel, stride, padding);

        Assertions.HasShape(conv.call(randn(3, 2, size, size)), 3, 6, expected, expected);
    }

    [Fact]
    public void Conv2d_OfAKnownKernel_Correlates()
    {
        var image = arange(9, ScalarType.Float64).view(1, 1, 3, 3);
        var kernel = tensor(new double[,,,] { { { { 1, 0 }, { 0, -1 } } } });

        Assertions.Holds(nn.functional.conv2d(image, kernel), -4, -4, -4, -4);
    }

    [Fact]
    public void Conv2d_WithReflection_PadsByMirror()
    {
        using var conv = nn.Conv2d(1, 1, 3, 1, 1, padding_mode: PaddingModes.Reflect, bias: false, dtype: ScalarType.Float64);
        conv.weight = nn.Parameter(ones(1, 1, 3, 3, ScalarType.Float64));

        var result = conv.call(arange(4, ScalarType.Float64).view(1, 1, 2, 2));

        // Each window of the mirrored image [[3 2 3 2] [1 0 1 0] [3 2 3 2] [1 0 1 0]] is summed.
        Assertions.Holds(result, 18, 15, 12, 9);
    }

    [Fact]
    public void ConvTranspose2d_UndoesTheSizesOfConv2d()
    {
        using var layer = nn.ConvTranspose2d(4, 3, 4, 2, 1);

        Assertions.HasShape(layer.weight, 4, 3, 4, 4);
        Assertions.HasShape(layer.call(randn(2, 4, 7, 7)), 2, 3, 14, 14);
    }

    [Fact]
    public void ConvTranspose2d_IsTheGradientOfConv2d()
    {
        var weight = randn(3, 2, 4, 4, ScalarType.Float64);
        var input = randn(1, 2, 8, 8, ScalarType.Float64, requires_grad: true);
        var output = nn.functional.conv2d(input, weight, strides: [2, 2], padding: [1, 1]);
        var upstream = randn_like(output);

        var gradient = autograd.grad([output], [input], [upstream])[0];
        var transposed = nn.functional.conv_transpose2d(upstream, weight, strides: [2, 2], padding: [1, 1]);

        Assert.True(gradient.allclose(transposed));
    }

    /// <summary>Single precision takes another way than double, which is libtorch's own: both must come to the same, and so must their gradients.</summary>
    [Theory]
    [InlineData(3, 2, 1, 1, 1, 1)]
    [InlineData(4, 2, 1, 0, 1, 1)]
    [InlineData(3, 1, 1, 0, 1, 2)]
    [InlineData(3, 3, 0, 2, 1, 1)]
    [InlineData(2, 2, 0, 1, 2, 1)]
    public void ConvTranspose2d_InSinglePrecision_IsThatOfDouble(long kernel, long stride, long padding, long outputPadding, long dilation, long groups)
    {
        var (input, weight, bias) = (randn(3, 4, 5, 6), randn(4, 6 / groups, kernel, kernel), randn(6));
        Tensor[] Run(ScalarType type)
        {
            Tensor[] leaves = [.. new[] { input, weight, bias }.Select(leaf => leaf.to(type).detach().requires_grad_())];
            var output = nn.functional.conv_transpose2d(leaves[0], leaves[1], leaves[2], [stride, stride], [padding, padding], [outputPadding, outputPadding], [dilation, dilation], groups);
            return [output, .. autograd.grad([(output * output).sum()], leaves)];
        }

        foreach (var (single, twice) in Run(ScalarType.Float32).Zip(Run(ScalarType.Float64)))
        {
            Assert.Equal(twice.shape, single.shape);
            Assert.InRange((single.to(ScalarType.Float64) - twice).abs().max().ToDouble(), 0, 1e-5 * Math.Max(1, twice.abs().max().ToDouble()));
        }
    }

    [Fact]
    public void ConvTranspose2d_WhereNothingIsLearnt_TakesTheSameWay()
    {
        using var layer = nn.ConvTranspose2d(4, 3, 4, 2, 1);
        var input = randn(2, 4, 7, 7);
        var output = layer.call(input);

        using var noGrad = no_grad();

        Assert.True(layer.call(input).eq(output).all().ToBoolean());
        Assert.False(layer.call(input).requires_grad);
    }

    [Fact]
    public void Conv2d_OfOtherChannels_SaysBoth()
    {
        using var conv = nn.Conv2d(3, 8, 3);

        var error = Assert.Throws<ArgumentException>(() => conv.call(zeros(1, 1, 8, 8)));

        Assert.Equal("Expected 3D (unbatched) or 4D (batched) input with 3 channels to Conv2d, but got [1, 1, 8, 8].", error.Message);
    }

    [Fact]
    public void BatchNorm_InTraining_UsesTheBatch_AndMovesItsStatistics()
    {
        using var norm = nn.BatchNorm1d(1, dtype: ScalarType.Float64);

        var result = norm.call(Assertions.Doubles(new double[,] { { 1 }, { 3 } }));

        // Mean 2; the batch's variance is 1, the unbiased one that goes into the running variance is 2.
        Assertions.Near([-1, 1], result.Values(), 1e-5);
        Assertions.Holds(norm.running_mean!, 0.2);
        Assertions.Holds(norm.running_var!, 1.1);
        Assert.Equal(1, norm.num_batches_tracked!.item<long>());
    }

    [Fact]
    public void BatchNorm_InEvaluation_UsesTheRunningStatistics_AndLeavesThem()
    {
        using var norm = nn.BatchNorm2d(2, dtype: ScalarType.Float64);
        norm.running_mean!.fill_(5);
        norm.running_var!.fill_(4);
        norm.eval();

        var result = norm.call(full([1, 2, 1, 1], 9, ScalarType.Float64));

        Assertions.Near([2, 2], result.Values(), 1e-5);
        Assert.Equal(0, norm.num_batches_tracked!.item<long>());
        norm.reset_running_stats();
        Assertions.Holds(norm.running_mean, 0, 0);
        Assertions.Holds(norm.running_var, 1, 1);
    }

    [Fact]
    public void BatchNorm2d_OfAMatrix_SaysWhatItWants()
    {
        using var norm = nn.BatchNorm2d(2);

        Assert.Equal("expected 4D input, but got 2D input.", Assert.Throws<ArgumentException>(() => norm.call(zeros(2, 2))).Message);
    }

    [Fact]
    public void LayerNorm_OfARow_HasMeanZeroAndVarianceOne()
    {
        using var norm = nn.LayerNorm(4, dtype: ScalarType.Float64);

        var result = norm.call(Assertions.Doubles(new double[,] { { 1, 2, 3, 10 } }));

        Assertions.Near([0], result.mean().Values(), 1e-9);
        Assertions.Near([1], result.var(unbiased: false).Values(), 1e-5);
        Assert.Equal(["weight", "bias"], norm.named_parameters().Select(named => named.name));
    }

    [Fact]
    public void Embedding_LooksUpRows_AndKeepsPaddingZero()
    {
        using var embedding = nn.Embedding(4, 2, padding_idx: 1);

        var rows = embedding.call(tensor(new long[] { 1, 3 }));

        Assertions.Holds(rows[0], 0, 0);
        Assert.True(rows[1].allclose(embedding.weight![3]));
    }

    [Fact]
    public void Dropout_InTraining_ScalesWhatItKeeps_AndInEvaluationKeepsAll()
    {
        using var dropout = nn.Dropout(0.5);
        manual_seed(1);

        var values = dropout.call(ones(1000)).Values();
        dropout.eval();

        Assert.Equal([0, 2], values.Distinct().Order());
        Assert.InRange(values.Count(value => value == 0), 400, 600);
        Assertions.Holds(dropout.call(ones(2)), 1, 1);
    }

    [Fact]
    public void FlattenAndUnflatten_AreEachOthersInverse()
    {
        using Flatten flatten = nn.Flatten();
        using Unflatten unflatten = nn.Unflatten(1, [3, 2, 2]);

        Assertions.HasShape(flatten.call(zeros(5, 3, 2, 2)), 5, 12);
        Assertions.HasShape(unflatten.call(zeros(5, 12)), 5, 3, 2, 2);
    }

    [Fact]
    public void Pools_TakeTheMaximumAndTheMean()
    {
        var image = arange(16, ScalarType.Float64).view(1, 1, 4, 4);

        Assertions.Holds(nn.functional.max_pool2d(image, 2), 5, 7, 13, 15);
        Assertions.Holds(nn.functional.avg_pool2d(image, 2), 2.5, 4.5, 10.5, 12.5);
        Assertions.Holds(nn.functional.adaptive_avg_pool2d(image, 1), 7.5);
    }

    [Fact]
    public void Pad_InEachMode()
    {
        var row = Assertions.Doubles(1, 2, 3).view(1, 1, 3);

        Assertions.Holds(nn.functional.pad(row, [1, 1], value: 9), 9, 1, 2, 3, 9);
        Assertions.Holds(nn.functional.pad(row, [1, 1], PaddingModes.Reflect), 2, 1, 2, 3, 2);
        Assertions.Holds(nn.functional.pad(row, [1, 1], PaddingModes.Replicate), 1, 1, 2, 3, 3);
    }

    [Fact]
    public void Interpolate_ByFactorAndBySize()
    {
        var image = arange(4, ScalarType.Float64).view(1, 1, 2, 2);

        Assertions.Holds(nn.functional.interpolate(image, scale_factor: [2, 1]), 0, 1, 0, 1, 2, 3, 2, 3);
        Assertions.Holds(nn.functional.interpolate(image, size: [3, 3], mode: InterpolationMode.Bilinear, align_corners: true), 0, 0.5, 1, 1, 1.5, 2, 2, 2.5, 3);
        Assert.Throws<ArgumentException>(() => nn.functional.interpolate(image));
    }

    [Fact]
    public void Losses_OfKnownPredictions()
    {
        Tensor prediction = Assertions.Doubles(0.5, 0.25), target = Assertions.Doubles(1, 0);

        Assertions.Holds(nn.functional.binary_cross_entropy(prediction, target, reduction: nn.Reduction.Sum), -Math.Log(0.5) - Math.Log(0.75));
        Assertions.Holds(nn.functional.binary_cross_entropy_with_logits((prediction / (1 - prediction)).log(), target), (-Math.Log(0.5) - Math.Log(0.75)) / 2);
        Assertions.Holds(nn.functional.mse_loss(prediction, target, nn.Reduction.None), 0.25, 0.0625);
        Assertions.Holds(nn.functional.l1_loss(prediction, target), 0.375);
        Assertions.Holds(nn.functional.cross_entropy(zeros(2, 4, ScalarType.Float64), tensor(new long[] { 0, 3 })), Math.Log(4));
    }

    [Fact]
    public void Initialisers_HaveTheirDeviations()
    {
        manual_seed(7);
        var weight = empty(400, 100, ScalarType.Float64);

        Assert.InRange(nn.init.kaiming_normal_(weight, nonlinearity: nn.init.NonlinearityType.ReLU).std().item<double>(), 0.138, 0.145);
        Assert.InRange(nn.init.xavier_normal_(weight).std().item<double>(), 0.0620, 0.0645);
        Assert.InRange(nn.init.xavier_uniform_(weight).abs().max().item<double>(), 0.1090, 0.1096);
        Assertions.Holds(nn.init.constant_(weight, 3).mean(), 3);
        Assert.Equal((50L * 9, 20L * 9), nn.init.CalculateFanInAndFanOut(empty(20, 50, 3, 3)));
        Assert.Throws<ArgumentException>(() => nn.init.kaiming_uniform_(empty(3)));
    }
}
