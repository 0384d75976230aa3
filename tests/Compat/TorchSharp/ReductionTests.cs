namespace Compat.TorchSharp.Tests;

public sealed class ReductionTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Tensor _matrix;

    public ReductionTests() => _matrix = Assertions.Doubles(new double[,] { { 1, 2, 3 }, { 4, 5, 9 } });

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Sum_OverAllAndSome_Adds()
    {
        Assertions.Holds(_matrix.sum(), 24);
        Assertions.Holds(_matrix.sum(dim: 0), 5, 7, 12);
        Assertions.Holds(_matrix.sum(-1), 6, 18);
        Assertions.Holds(_matrix.sum([0, 1]), 24);
        Assertions.HasShape(_matrix.sum(1, keepdim: true), 2, 1);
        Assert.Equal(ScalarType.Float32, _matrix.sum(type: ScalarType.Float32).dtype);
    }

    [Fact]
    public void Mean_OverAllAndSome_Averages()
    {
        Assertions.Holds(_matrix.mean(), 4);
        Assertions.Holds(_matrix.mean([1], keepdim: true), 2, 6);
    }

    [Fact]
    public void VarAndStd_Unbiased_AndNot()
    {
        Assertions.Holds(_matrix.var(1), 1, 7);
        Assertions.Holds(_matrix.var(1, unbiased: false), 2.0 / 3, 14.0 / 3);
        Assertions.Holds(_matrix.std(), Math.Sqrt(40.0 / 5));
        Assertions.Holds(_matrix.var([0, 1], unbiased: false), 40.0 / 6);
    }

    [Fact]
    public void MaxAndMin_AlongADimension_GiveValuesAndPlaces()
    {
        var (values, indexes) = _matrix.max(1);

        Assertions.Holds(values, 3, 9);
        Assertions.Holds(indexes, 2, 2);
        Assertions.Holds(_matrix.min(), 1);
        Assertions.Holds(_matrix.amax(0), 4, 5, 9);
        Assertions.Holds(_matrix.amin(0, 1), 1);
        Assertions.Holds(_matrix.argmax(0), 1, 1, 1);
        Assertions.Holds(_matrix.argmin(), 0);
    }

    [Fact]
    public void Logsumexp_OfLargeNumbers_DoesNotOverflow() =>
        Assertions.Holds(Assertions.Doubles(1000, 1000).logsumexp(0), 1000 + Math.Log(2));

    [Fact]
    public void NormAndDist_AreEuclidean_UnlessToldOtherwise()
    {
        Assertions.Holds(Assertions.Doubles(3, 4).norm(), 5);
        Assertions.Holds(Assertions.Doubles(3, -4).norm(1f), 7);
        Assertions.Holds(_matrix.norm(1), Math.Sqrt(14), Math.Sqrt(122));
        Assertions.Holds(dist(Assertions.Doubles(1, 1), Assertions.Doubles(4, 5)), 5);
        Assertions.Holds(cdist(Assertions.Doubles(new double[,] { { 0, 0 } }), Assertions.Doubles(new double[,] { { 3, 4 }, { 0, 1 } })), 5, 1);
    }

    [Fact]
    public void Cumsum_RunsAlongTheDimension() => Assertions.Holds(_matrix.cumsum(1), 1, 3, 6, 4, 9, 18);

    [Fact]
    public void SortAndTopk_OrderByValue()
    {
        var (sorted, order) = Assertions.Doubles(2, 3, 1).sort(descending: true);
        var (largest, places) = Assertions.Doubles(2, 3, 1).topk(2);

        Assertions.Holds(sorted, 3, 2, 1);
        Assertions.Holds(order, 1, 0, 2);
        Assertions.Holds(largest, 3, 2);
        Assertions.Holds(places, 1, 0);
        Assertions.Holds(Assertions.Doubles(2, 3, 1).argsort(), 2, 0, 1);
    }

    [Fact]
    public void CountNonzero_OverAllAndSome()
    {
        var tensor = Assertions.Doubles(new double[,] { { 0, 1 }, { 2, 3 } });

        Assertions.Holds(tensor.count_nonzero(), 3);
        Assertions.Holds(tensor.count_nonzero([0]), 1, 2);
    }
}
