using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Optimizers;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Tests.Parameters.Store;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Parameters.Optimizers;

/// <summary>The parameter server's update after local steps, and the optimizer of the local steps themselves.</summary>
public sealed class OuterRuleTests
{
    [Theory]
    [InlineData(OuterOptimizerKind.Nesterov, 0.7, 0.9)]
    [InlineData(OuterOptimizerKind.Nesterov, 0.3, 0)]
    [InlineData(OuterOptimizerKind.Sgd, 0.5, 0.8)]
    public void Apply_StepByStep_FollowsTheFormula(OuterOptimizerKind kind, double rate, double momentum)
    {
        var golden = GoldenTrajectories.Read();
        var rule = new OuterRule(new OuterOptimizerSpec { Kind = kind, LearningRate = rate, Momentum = momentum });
        var (weights, velocity) = (golden.Initial, new float[golden.Initial.Length]);
        double[] expected = [.. weights.Select(value => (double)value)];
        var b = new double[expected.Length];

        for (var number = 1; number <= golden.Gradients.Length; number++)
        {
            float[] gradient = [.. golden.Gradients[number - 1].Select(value => 4 * value)];
            var next = new float[weights.Length];
            // In two pieces that are not whole vectors; the rate of the step, which is the inner optimizer's, does not matter.
            rule.Apply(new UpdateStep(number, 123, 0.25f), weights.AsSpan(0, 9), gradient.AsSpan(0, 9), [velocity], 0, next.AsSpan(0, 9));
            rule.Apply(new UpdateStep(number, 123, 0.25f), weights.AsSpan(9), gradient.AsSpan(9), [velocity], 9, next.AsSpan(9));
            for (var i = 0; i < b.Length; i++)
            {
                double g = golden.Gradients[number - 1][i];
                b[i] = (momentum * b[i]) + g;
                expected[i] -= rate * (kind == OuterOptimizerKind.Nesterov ? g + (momentum * b[i]) : b[i]);
                Assert.Equal(expected[i], next[i], 1e-5 * Math.Max(1, Math.Abs(expected[i])));
            }
            weights = next;
        }
    }

    [Fact]
    public void For_ARunWithLocalSteps_IsTheOuterRule()
    {
        Assert.Equal(["outer_momentum_buffer"], UpdateRules.For(ASpec.With("training.localSteps=4")).StateNames);
        Assert.Equal(["exp_avg", "exp_avg_sq"], UpdateRules.For(ASpec.With("training.localSteps=1")).StateNames);
    }

    [Fact]
    public void InnerState_OfEachKind_HasTheStateOfItsRule()
    {
        foreach (var kind in Enum.GetValues<OptimizerKind>())
            Assert.Equal(UpdateRules.For(new OptimizerSpec { Kind = kind }).StateNames, InnerState.NamesOf(kind));
    }

    [Fact]
    public void Layout_WithAPublishedInnerState_HasItBehindTheModel()
    {
        var (data, model) = (ASpec.Data(train: 16), ModelLayout.Of(ASpec.With(), ASpec.Data(train: 16)));

        var averaged = ModelLayout.Of(ASpec.With("training.localSteps=2"), data);
        var reset = ModelLayout.Of(ASpec.With("training.localSteps=2", "optimizer.outer.innerState=reset"), data);

        Assert.Equal(model.Slots.Select(slot => slot.Name), reset.Slots.Select(slot => slot.Name));
        Assert.Equal(model.Slots.Select(slot => (slot.Name, slot.Offset)), averaged.Slots.Take(model.Slots.Count).Select(slot => (slot.Name, slot.Offset)));
        Assert.Equal(model.Length + (2 * model.ParameterLength), averaged.Length);
        Assert.Equal(model.ParameterLength, averaged.ParameterLength);
        // It begins at zero, whatever the names of its parameters are.
        Assert.All(WeightInitializer.Initialize(averaged, seed: 1)[model.Length..], value => Assert.Equal(0, value));
    }

    [Fact]
    public void Store_OfARunWithLocalSteps_AveragesWithRateOneAndNoMomentum_AndDoesNotClip()
    {
        string[] settings =
        [
            "training.localSteps=2", "optimizer.outer.learningRate=1", "optimizer.outer.momentum=0", "optimizer.clipNorm=1e-3", "ledger.hash=steps",
        ];
        var run = new StoreUnderTest(StoreUnderTest.Layout(parameters: 20, buffers: 3), shards: 2, settings);

        // Sixteen examples make one step of two batches; the outer gradient comes times its examples, as the statistics do.
        var record = run.Apply(run.Part(16 * 0.5f));

        Assert.Equal(5, run.Store.StepCount);
        Assert.All(run.Initial[..20].Zip(run.Weights), pair => Assert.Equal(pair.First - 0.5f, pair.Second, 1e-6f));
        Assert.All(run.Weights[20..], value => Assert.Equal(0.5f, value));
        Assert.Equal(0.5 * Math.Sqrt(20), record.GradientNorm, 1e-6);
    }

    [Theory]
    [InlineData("optimizer.kind=adam;optimizer.weightDecay=0.1")]
    [InlineData("optimizer.kind=sgd;optimizer.momentum=0.9")]
    public void InnerOptimizer_IsTheRuleOfTheParameterServer(string settings)
    {
        var golden = GoldenTrajectories.Read();
        var spec = ASpec.With(settings.Split(';')).Optimizer;
        var rule = UpdateRules.For(spec);
        var state = rule.StateNames.Select(_ => new float[golden.Initial.Length]).ToArray();
        var inner = new InnerOptimizer(spec, golden.Initial.Length);

        // The second round begins as the first did.
        for (var round = 0; round < 2; round++)
        {
            Array.ForEach(state, Array.Clear);
            inner.Reset();
            var (expected, weights) = (golden.Initial.ToArray(), golden.Initial.ToArray());
            for (var number = 1; number <= golden.Gradients.Length; number++)
            {
                var next = new float[expected.Length];
                rule.Apply(new UpdateStep(number, 0.01, 0.25f), expected, golden.Gradients[number - 1], state, 0, next);
                expected = next;
                inner.Begin(0.01, examples: 4, norm: 1);
                inner.Apply(0, weights.AsSpan(0, 5), golden.Gradients[number - 1].AsSpan(0, 5));
                inner.Apply(5, weights.AsSpan(5), golden.Gradients[number - 1].AsSpan(5));
                Assert.Equal(expected, weights);
            }
        }
    }

    [Fact]
    public void InnerOptimizer_ClipsLongGradients()
    {
        var spec = ASpec.With("optimizer.kind=sgd", "optimizer.clipNorm=2").Optimizer;
        var inner = new InnerOptimizer(spec, 2);
        float[] weights = [0, 0];

        inner.Begin(learningRate: 1, examples: 2, norm: 5);
        inner.Apply(0, weights, [6, 8]);
        Assert.Equal([-1.2f, -1.6f], weights.Select(value => MathF.Round(value, 6)));

        inner.Begin(learningRate: 1, examples: 2, norm: 2);
        inner.Apply(0, weights, [2.4f, 3.2f]);
        Assert.Equal([-2.4f, -3.2f], weights.Select(value => MathF.Round(value, 6)));
    }
}
