using System.Runtime.InteropServices;

namespace Compat.TorchSharp.Tests;

public sealed class ArithmeticTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Operators_BetweenTensors_AreElementwise()
    {
        Tensor a = Assertions.Doubles(1, -2, 5), b = Assertions.Doubles(4, 2, -3);

        Assertions.Holds(a + b, 5, 0, 2);
        Assertions.Holds(a - b, -3, -4, 8);
        Assertions.Holds(a * b, 4, -4, -15);
        Assertions.Holds(a / b, 0.25, -1, -5.0 / 3);
        Assertions.Holds(a % b, 1, 0, -1);
        Assertions.Holds(-a, -1, 2, -5);
    }

    [Fact]
    public void Operators_WithNumbers_OnEitherSide()
    {
        var a = Assertions.Doubles(1, -2, 4);

        Assertions.Holds(a + 1, 2, -1, 5);
        Assertions.Holds(1.5 + a, 2.5, -0.5, 5.5);
        Assertions.Holds(a - 1L, 0, -3, 3);
        Assertions.Holds(1 - a, 0, 3, -3);
        Assertions.Holds(a * 2f, 2, -4, 8);
        Assertions.Holds(-0.5 * a, -0.5, 1, -2);
        Assertions.Holds(a / 2, 0.5, -1, 2);
        Assertions.Holds(2 / a, 2, -1, 0.5);
    }

    [Fact]
    public void Operators_WithNumbers_KeepTheTensorsType()
    {
        Assert.Equal(ScalarType.Float32, (ones(1) * 2.0).dtype);
        Assert.Equal(ScalarType.Int64, (ones(1, ScalarType.Int64) * 2).dtype);
        Assert.Equal(ScalarType.Float32, (ones(1, ScalarType.Int64) * 2.5).dtype);
    }

    [Fact]
    public void Comparisons_GiveTruthValues()
    {
        Tensor a = Assertions.Doubles(1, 2, 3), b = Assertions.Doubles(3, 2, 1);

        Assertions.Holds(a == b, 0, 1, 0);
        Assertions.Holds(a != b, 1, 0, 1);
        Assertions.Holds(a < b, 1, 0, 0);
        Assertions.Holds(a <= 2, 1, 1, 0);
        Assertions.Holds(2 > a, 1, 0, 0);
        Assertions.Holds(a >= b, 0, 1, 1);
        Assertions.Holds((a < 3) & (a > 1), 0, 1, 0);
        Assertions.Holds((a < 2) | (a > 2), 1, 0, 1);
        Assertions.Holds(~(a == b), 1, 0, 1);
        Assert.Equal(ScalarType.Bool, (a == b).dtype);
    }

    [Fact]
    public void InPlace_ChangesAndReturnsTheTensorItself()
    {
        var a = Assertions.Doubles(1, 2, 3);

        var result = a.add_(1).mul_(2).sub_(Assertions.Doubles(1, 1, 1)).div_(2).pow_(2).clamp_(3, 10);

        Assert.Same(a, result);
        Assert.Equal(2, _scope.DisposablesCount);
        Assertions.Holds(a, 3, 6.25, 10);
    }

    [Fact]
    public void Add_WithAlpha_ScalesTheSecond()
    {
        var a = Assertions.Doubles(1, 2);

        Assertions.Holds(a.add(Assertions.Doubles(10, 20), 0.5), 6, 12);
        Assertions.Holds(a.add_(Assertions.Doubles(1, 1), -1), 0, 1);
    }

    [Fact]
    public void Addcmul_AndAddcdiv_AreFused()
    {
        Tensor a = Assertions.Doubles(1, 2), b = Assertions.Doubles(3, 4), c = Assertions.Doubles(2, 8);

        Assertions.Holds(a.addcmul(b, c, 0.5), 4, 18);
        Assertions.Holds(a.addcdiv_(b, c, 2), 4, 3);
    }

    [Theory]
    [InlineData(RoundingMode.None, -3.5)]
    [InlineData(RoundingMode.trunc, -3)]
    [InlineData(RoundingMode.floor, -4)]
    public void Div_InEachRoundingMode_Rounds(RoundingMode mode, double expected) => Assertions.Holds(Assertions.Doubles(-7).div(2, mode), expected);

    [Fact]
    public void Clamp_WithOneBound_LeavesTheOtherSide()
    {
        Assertions.Holds(Assertions.Doubles(-5, 5).clamp(min: 0), 0, 5);
        Assertions.Holds(Assertions.Doubles(-5, 5).clamp(max: 0), -5, 0);
        Assertions.Holds(maximum(Assertions.Doubles(1, 5), Assertions.Doubles(3, 2)), 3, 5);
        Assertions.Holds(minimum(Assertions.Doubles(1, 5), Assertions.Doubles(3, 2)), 1, 2);
    }

    [Fact]
    public void Where_TakesFromTheFirstWhereTrue()
    {
        Tensor x = Assertions.Doubles(1, 2), y = Assertions.Doubles(-1, -2);

        Assertions.Holds(where(x > 1, x, y), -1, 2);
        Assertions.Holds(x.where(x > 1, y), -1, 2);
    }

    [Fact]
    public void IsFinite_FindsBoth()
    {
        var a = Assertions.Doubles(1, double.NaN, double.PositiveInfinity);

        Assertions.Holds(a.isfinite(), 1, 0, 0);
        Assertions.Holds(a.isnan(), 0, 1, 0);
        Assertions.Holds(isinf(a), 0, 0, 1);
        Assert.False(a.isfinite().all().item<bool>());
        Assert.True(a.isnan().any().item<bool>());
    }

    [Fact]
    public void Equality_ComparesShapeAndElements()
    {
        Assert.True(Assertions.Doubles(1, 2).Equals(Assertions.Doubles(1, 2)));
        Assert.False(Assertions.Doubles(1, 2).Equals(Assertions.Doubles(1, 3)));
        Assert.True(Assertions.Doubles(1, 2).allclose(Assertions.Doubles(1, 2 + 1e-9)));
        Assert.False(Assertions.Doubles(1, 2).allclose(Assertions.Doubles(1, 2.1)));
    }

    [Fact]
    public void Add_OfShapesThatDoNotMatch_HasLibtorchsText()
    {
        var error = Assert.Throws<ExternalException>(() => zeros(2) + zeros(3));

        Assert.Equal("The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0", error.Message);
    }

    [Fact]
    public void Number_ToTensor_ThroughScalar_IsRefused()
    {
        Scalar scalar = 1;

        Assert.Equal("A Scalar is not converted to a Tensor implicitly; use torch.tensor.", Assert.Throws<InvalidOperationException>(() => (Tensor)scalar).Message);
    }
}
