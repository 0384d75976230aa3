using TorchSharp;
using static TorchSharp.torch;

namespace VaeCluster.Architecture.Tests.Samples;

/// <summary>Every public method drops a number before libtorch has read it.</summary>
public sealed class DroppedScalars
{
    public Tensor OperatorWithANumber(Tensor values) => values * 0.5;

    public Tensor NumberBeforeTheOperator(Tensor values) => 1 - values;

    public Tensor SumOfTensors(Tensor values) => values + values;

    public Tensor SumInPlace(Tensor values) => values.add_(values);

    public Tensor Square(Tensor values) => values.square();

    public Tensor ImplicitScalar(Tensor values) => values.clamp_min(0.5);

    public Tensor ScalarInALocal(Tensor values)
    {
        Scalar scalar = 0.5;
        return values.mul(scalar);
    }

    public double NumberOfATensor(Tensor values) => values.sum().ToDouble();

    public float CastOfATensor(Tensor values) => (float)values.sum();

    public nn.Module<Tensor, Tensor> Module() => nn.LeakyReLU(0.01);
}

/// <summary>Numbers that live long enough, and operators that have none.</summary>
public sealed class KeptScalars
{
    private static readonly Scalar Half = 0.5;
    private static readonly Scalar One = 1;

    public Tensor StaticScalar(Tensor values) => values.mul(Half).add(values, One);

    public Tensor DisposedScalar(Tensor values, double by)
    {
        using var scalar = by.ToScalar();
        return values.sub(scalar);
    }

    public double DisposedNumber(Tensor values)
    {
        using var scalar = values.sum().ToScalar();
        return scalar.ToDouble();
    }

    public Tensor OperatorsOfTensors(Tensor values) => -values * values - (values / values);
}
