using VaeCluster.Data.Randomness;
using VaeCluster.Training.Models;
using VaeCluster.Training.Objectives;
using static TorchSharp.torch;

namespace VaeCluster.Tests.Training.Models;

public sealed class VqVaeTests
{
    [Fact]
    public void Nearest_OfEachVector_IsTheCodeOfLeastDistance()
    {
        using var scope = NewDisposeScope();
        using var model = Modules.Vq(1, 8, 8, 4, codes: 7, codeLength: 3);
        var (vectors, codes) = (randn(20, 3), model.get_parameter("codebook.weight")!);

        var nearest = model.Nearest(vectors);

        for (var i = 0; i < 20; i++)
        {
            var distances = (codes - vectors[i]).Squared().sum(dim: 1);
            Assert.Equal(distances.min().ToNumber(), (nearest[i] - vectors[i]).Squared().sum().ToNumber(), 1e-5);
        }
    }

    [Fact]
    public void Code_IsAGridOfCodes_AndDecodesToAnImage()
    {
        using var scope = NewDisposeScope();
        using var model = Modules.Vq(3, 8, 12, 4, codes: 7, codeLength: 5);

        var code = model.Code(rand(2, 3 * 8 * 12));

        Assert.Equal((2 * 3 * 5, 6), (model.Latent, model.Positions));
        Assert.Equal([2L, 30], code.shape);
        Assert.Equal(0, model.Nearest(code.view(-1, 5)).sub(code.view(-1, 5)).abs().sum().ToNumber());
        Assert.Equal([2L, 3 * 8 * 12], model.Decode(code).shape);
    }

    [Fact]
    public void DrawCodes_TakesEveryCodeAboutAsOften()
    {
        using var scope = NewDisposeScope();
        using var model = Modules.Vq(1, 8, 8, 4, codes: 4, codeLength: 2);

        var drawn = model.Indices(model.DrawCodes(new CounterRandom(5, RandomPurpose.Samples, 0), 1000).view(-1, 2));

        for (var code = 0; code < 4; code++)
            Assert.InRange(drawn.eq(code).sum().ToNumber(), 900, 1100);
    }

    [Fact]
    public void Loss_Gradients_GoWhereTheEquationSays()
    {
        using var scope = NewDisposeScope();
        using var model = Modules.Vq(1, 4, 4, 4, codes: 3, codeLength: 2);
        var x = rand(5, 16);
        var terms = new VectorQuantization(model, new GaussianLikelihood(1), 0.25).Train(x, empty(0), 0);
        var codebook = model.get_parameter("codebook.weight")!;

        // The codebook hears of its own term alone: 2 (e - v), summed over the vectors that chose e.
        var gradient = autograd.grad([terms.Total], [codebook])[0];

        var vectors = model.Encode(x).detach();
        var indices = model.Indices(vectors);
        for (var code = 0; code < 3; code++)
        {
            var chosen = indices.eq(code).to(ScalarType.Float32).view(-1, 1);
            var expected = ((codebook[code] - vectors).Times(2) * chosen).sum(dim: 0);
            Assert.Equal(0, (gradient[code] - expected).abs().max().ToNumber(), 1e-4);
        }
    }

    [Fact]
    public void Loss_EncoderGradient_IsStraightThroughPlusCommitment()
    {
        using var scope = NewDisposeScope();
        using var model = Modules.Vq(1, 4, 4, 4, codes: 3, codeLength: 2);
        var (x, likelihood) = (rand(5, 16), new GaussianLikelihood(1));
        var bias = model.get_parameter("to_code.bias")!;

        var actual = autograd.grad([new VectorQuantization(model, likelihood, 0.25).Train(x, empty(0), 0).Total], [bias])[0];

        // By hand: the loss's gradient at the codes, as if they were the vectors, and 0.25 * 2 (v - e).
        var vectors = model.Encode(x).detach();
        var codes = model.Nearest(vectors).detach().requires_grad_();
        var atCodes = autograd.grad([likelihood.NegativeLog(model.Decode(codes.view(-1, 2)), x)], [codes])[0];
        var expected = atCodes.Plus((vectors - codes).Times(0.5)).sum(dim: 0).detach();
        Assert.Equal(0, (actual - expected).abs().max().ToNumber(), 1e-4);
    }

    [Fact]
    public void Loss_SecondTerm_IsTheWeightedDistance()
    {
        using var scope = NewDisposeScope();
        using var model = Modules.Vq(1, 4, 4, 4, codes: 3, codeLength: 2);
        var x = rand(5, 16);
        var vectors = model.Encode(x);

        var terms = new VectorQuantization(model, new GaussianLikelihood(1), 0.25).Evaluate(x, empty(0));

        Assert.Equal(1.25 * (vectors - model.Nearest(vectors)).Squared().sum().ToNumber(), terms.Regularization.ToNumber(), 1e-4);
        Assert.Equal(terms.Reconstruction.ToNumber() + terms.Regularization.ToNumber(), terms.Total.ToNumber(), 1e-3);
    }
}
