using System.Runtime.InteropServices;
using TorchSharp;
using VaeCluster.Contracts.Architectures;
using VaeCluster.Contracts.Specs;
using VaeCluster.Tests.Support;
using VaeCluster.Tests.Training.Models;
using VaeCluster.Training.Models;
using VaeCluster.Training.Objectives;
using static TorchSharp.torch;

namespace VaeCluster.Tests.Training.Objectives;

/// <summary>The gradient of -E_q[log p(x|z)] + beta KL through a whole model, in double precision, against central differences.</summary>
public sealed class ObjectiveGradientTests
{
    private const double Step = 1e-5;
    private const double Tolerance = 1e-7;

    public static TheoryData<LikelihoodKind, ActivationKind> Cases
    {
        get
        {
            var cases = new TheoryData<LikelihoodKind, ActivationKind>();
            foreach (var likelihood in Enum.GetValues<LikelihoodKind>())
            {
                foreach (var activation in Enum.GetValues<ActivationKind>())
                    cases.Add(likelihood, activation);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradient_OfEveryParameter_IsTheCentralDifference(LikelihoodKind likelihood, ActivationKind activation)
    {
        using var scope = NewDisposeScope();
        using var model = Modules.Mlp(6, [5, 4], 2, activation).to(ScalarType.Float64);
        var random = new Random(11);
        Fill(random, model);
        var (x, noise) = (Draw(random, 0, 1, 3, 6), Draw(random, -2, 2, 3, 2));
        var terms = Likelihood.For(ASpec.With($"objective.likelihood={SpecNames.Of(likelihood)}", "objective.sigma=0.7").Objective, null);
        Tensor Loss() => Objective(model, terms, x, noise);

        var parameters = model.named_parameters().ToList();
        var gradients = autograd.grad([Loss()], parameters.Select(named => named.parameter).ToArray());

        foreach (var ((name, parameter), gradient) in parameters.Zip(gradients))
        {
            for (var i = 0; i < parameter.numel(); i++)
            {
                var expected = CentralDifference(Loss, parameter, i);
                var actual = MemoryMarshal.Cast<byte, double>(gradient.bytes)[i];
                var tolerance = Tolerance * Math.Max(1, Math.Abs(expected));
                Assert.True(Math.Abs(actual - expected) <= tolerance, $"The gradient of {name}[{i}] is {actual}, and the difference {expected}.");
            }
        }
    }

    private static Tensor Objective(Vae model, Likelihood likelihood, Tensor x, Tensor noise)
    {
        var (mean, logVariance) = model.Encode(x);
        var z = Gaussian.Reparameterize(mean, logVariance, noise);
        return likelihood.NegativeLog(model.Decode(z), x).Plus(Gaussian.KlToStandardNormal(mean, logVariance).Times(0.5));
    }

    private static double CentralDifference(Func<Tensor> loss, Tensor parameter, int index)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var values = MemoryMarshal.Cast<byte, double>(parameter.bytes);
        var value = values[index];
        values[index] = value + Step;
        var above = loss().ToNumber();
        values[index] = value - Step;
        var below = loss().ToNumber();
        values[index] = value;
        return (above - below) / (2 * Step);
    }

    private static void Fill(Random random, Vae model)
    {
        foreach (var parameter in model.parameters())
        {
            foreach (ref var value in MemoryMarshal.Cast<byte, double>(parameter.bytes))
                value = random.NextDouble() - 0.5;
        }
    }

    private static Tensor Draw(Random random, double low, double high, int rows, int columns) =>
        tensor([.. Enumerable.Range(0, rows * columns).Select(_ => low + ((high - low) * random.NextDouble()))], [rows, columns]);
}
