using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Optimizers;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Parameters.Optimizers;

public sealed class UpdateRuleTests
{
    private const double RelativeTolerance = 1e-6;

    public static TheoryData<string, string> Rules => new()
    {
        { "adam", "optimizer.kind=adam;optimizer.learningRate=0.01" },
        { "adam, other moments, weight decay", "optimizer.kind=adam;optimizer.learningRate=0.05;optimizer.beta1=0.8;optimizer.beta2=0.95;optimizer.epsilon=1e-4;optimizer.weightDecay=0.1" },
        { "adamw", "optimizer.kind=adamw;optimizer.learningRate=0.01;optimizer.weightDecay=0.1" },
        { "sgd", "optimizer.kind=sgd;optimizer.learningRate=0.1" },
        { "sgd, momentum, weight decay", "optimizer.kind=sgd;optimizer.learningRate=0.1;optimizer.momentum=0.9;optimizer.weightDecay=0.1" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Apply_StepByStep_FollowsPyTorch(string name, string settings)
    {
        var golden = GoldenTrajectories.Read();
        var spec = ASpec.With(settings.Split(';')).Optimizer;

        // The gradient comes as a sum over four examples.
        var trajectory = Run(spec, golden.Initial, [.. golden.Gradients.Select(gradient => gradient.Select(value => 4 * value).ToArray())], scale: 0.25f);

        foreach (var (expected, actual) in golden.Trajectories[name].Zip(trajectory))
        {
            for (var i = 0; i < expected.Length; i++)
                Assert.InRange(actual[i], expected[i] - Tolerance(expected[i]), expected[i] + Tolerance(expected[i]));
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Apply_OnePieceOrMany_GivesTheSameBits(string name, string settings)
    {
        Assert.NotEmpty(name);
        var golden = GoldenTrajectories.Read();
        var spec = ASpec.With(settings.Split(';')).Optimizer;
        var whole = Run(spec, golden.Initial, golden.Gradients, scale: 1);

        foreach (var pieceLength in new[] { 1, 2, 3, 5, 8, 13, 20 })
            Assert.Equal(whole, Run(spec, golden.Initial, golden.Gradients, scale: 1, pieceLength));
    }

    [Fact]
    public void For_EachKind_HasItsState()
    {
        Assert.Equal(["exp_avg", "exp_avg_sq"], UpdateRules.For(ASpec.With().Optimizer).StateNames);
        Assert.Equal(["exp_avg", "exp_avg_sq"], UpdateRules.For(ASpec.With("optimizer.kind=adamw").Optimizer).StateNames);
        Assert.Equal(["momentum_buffer"], UpdateRules.For(ASpec.With("optimizer.kind=sgd").Optimizer).StateNames);
    }

    // Relative to the weight, but not finer than a float near 0.1 is.
    private static double Tolerance(double value) => RelativeTolerance * Math.Max(Math.Abs(value), 0.1);

    [Theory]
    [InlineData("optimizer.kind=adam")]
    [InlineData("optimizer.kind=sgd;optimizer.momentum=0.9")]
    public void Apply_GradientThatBecameZero_LeavesNoSubnormalState(string settings)
    {
        var spec = ASpec.With(settings.Split(';')).Optimizer;
        var rule = UpdateRules.For(spec);
        float[] weights = [.. Enumerable.Repeat(1f, 19)];
        var state = rule.StateNames.Select(_ => new float[weights.Length]).ToArray();

        for (var number = 1; number <= 1000; number++)
        {
            float[] gradient = [.. Enumerable.Repeat(number == 1 ? 1e-3f : 0f, weights.Length)];
            rule.Apply(new UpdateStep(number, spec.LearningRate, 1), weights, gradient, state, 0, weights);
            Assert.All(state.SelectMany(values => values), value => Assert.False(float.IsSubnormal(value), $"step {number}: {value}"));
        }

        // The first kind of state decays by 0.9: 1e-4 * 0.9^1000 would be 1.7e-50.
        Assert.All(state[0], value => Assert.Equal(0, value));
    }

    private static List<float[]> Run(OptimizerSpec spec, float[] initial, float[][] gradients, float scale, int pieceLength = int.MaxValue)
    {
        var rule = UpdateRules.For(spec);
        var state = rule.StateNames.Select(_ => new float[initial.Length]).ToArray();
        var weights = initial;
        var trajectory = new List<float[]>();
        for (var number = 1; number <= gradients.Length; number++)
        {
            var next = new float[weights.Length];
            for (var start = 0; start < weights.Length; start += Math.Min(pieceLength, weights.Length))
            {
                var length = Math.Min(pieceLength, weights.Length - start);
                rule.Apply(new UpdateStep(number, spec.LearningRate, scale), weights.AsSpan(start, length), gradients[number - 1].AsSpan(start, length), state, start, next.AsSpan(start, length));
            }
            trajectory.Add(weights = next);
        }
        return trajectory;
    }
}
