namespace Compat.TorchSharp.Tests;

public sealed class PointwiseTests : IDisposable
{
    private static readonly double[] Inputs = [-1.7, -0.4, 0.3, 0.9, 2.2];

    private static readonly Dictionary<string, (Func<Tensor, Tensor> Of, Func<double, double> Expected)> Functions = new()
    {
        ["abs"] = (t => t.abs(), Math.Abs),
        ["neg"] = (t => t.neg(), x => -x),
        ["square"] = (t => t.square(), x => x * x),
        ["exp"] = (t => t.exp(), Math.Exp),
        ["expm1"] = (t => t.expm1(), x => Math.Exp(x) - 1),
        ["log"] = (t => t.log(), Math.Log),
        ["log1p"] = (t => t.abs().log1p(), x => Math.Log(1 + Math.Abs(x))),
        ["sqrt"] = (t => t.sqrt(), Math.Sqrt),
        ["rsqrt"] = (t => t.rsqrt(), x => 1 / Math.Sqrt(x)),
        ["sin"] = (t => t.sin(), Math.Sin),
        ["cos"] = (t => t.cos(), Math.Cos),
        ["tanh"] = (t => t.tanh(), Math.Tanh),
        ["sigmoid"] = (t => t.sigmoid(), Sigmoid),
        ["sign"] = (t => t.sign(), x => Math.Sign(x)),
        ["floor"] = (t => t.floor(), Math.Floor),
        ["ceil"] = (t => t.ceil(), Math.Ceiling),
        ["round"] = (t => t.round(), Math.Round),
        ["trunc"] = (t => t.trunc(), Math.Truncate),
        ["reciprocal"] = (t => t.reciprocal(), x => 1 / x),
        ["relu"] = (t => t.relu(), x => Math.Max(0, x)),
        ["leaky_relu"] = (t => t.leaky_relu(0.1), x => x > 0 ? x : 0.1 * x),
        ["elu"] = (t => nn.functional.elu(t, 2), x => x > 0 ? x : 2 * (Math.Exp(x) - 1)),
        ["silu"] = (t => t.silu(), x => x * Sigmoid(x)),
        ["softplus"] = (t => nn.functional.softplus(t, 2), x => Math.Log(1 + Math.Exp(2 * x)) / 2),
        ["log_sigmoid"] = (t => t.log_sigmoid(), x => Math.Log(Sigmoid(x))),
        ["pow"] = (t => t.pow(3), x => x * x * x),
        ["erfinv of erf"] = (t => t.erf().erfinv(), x => x),
        ["round to tenths"] = (t => (t * 1.01).round(1), x => Math.Round(x * 1.01, 1)),
    };

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Names => new(Functions.Keys);

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Function_OfEachElement_IsItsClosedForm(string name)
    {
        var (of, expected) = Functions[name];

        var actual = of(Assertions.Doubles(Inputs)).Values();

        for (var i = 0; i < Inputs.Length; i++)
        {
            var wanted = expected(Inputs[i]);
            if (double.IsNaN(wanted)) Assert.True(double.IsNaN(actual[i]), $"{name}({Inputs[i]}) is {actual[i]}, but NaN was expected.");
            else Assert.True(Math.Abs(wanted - actual[i]) < 1e-9, $"{name}({Inputs[i]}) is {actual[i]}, but {wanted} was expected.");
        }
    }

    [Fact]
    public void Erf_AtOne_IsItsKnownValue() => Assertions.Holds(Assertions.Doubles(1).erf(), 0.8427007929497149);

    [Fact]
    public void Gelu_AtOne_IsItsKnownValue() => Assertions.Holds(Assertions.Doubles(1).gelu(), 0.8413447460685429);

    [Fact]
    public void Softmax_OfRow_SumsToOne()
    {
        var row = Assertions.Doubles(1, 2, 3);

        Assertions.Holds(row.softmax(0), 0.09003057317038046, 0.24472847105479767, 0.6652409557748219);
        Assertions.Holds(row.log_softmax(0).exp().sum(), 1);
    }

    [Fact]
    public void InPlace_ForEach_ReturnsTheTensor()
    {
        var tensor = Assertions.Doubles(4, 9);

        Assert.Same(tensor, tensor.sqrt_());
        Assert.Same(tensor, neg_(tensor));
        Assert.Same(tensor, tensor.abs_().exp_().log_());
        Assertions.Holds(tensor, 2, 3);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
