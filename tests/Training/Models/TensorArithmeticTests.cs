using System.Diagnostics;
using System.Runtime.InteropServices;
using VaeCluster.Contracts.Architectures;
using VaeCluster.Training.Models;
using static TorchSharp.torch;

namespace VaeCluster.Tests.Training.Models;

/// <summary>Garbage is collected at every moment, which no other test need suffer.</summary>
[CollectionDefinition(nameof(CollectingGarbage), DisableParallelization = true)]
public sealed class CollectingGarbage;

/// <summary>Arithmetic with numbers, also while garbage is collected at every moment.</summary>
[Collection(nameof(CollectingGarbage))]
public sealed class TensorArithmeticTests
{
    private static readonly float[] Values = [-2, -0.5f, 0, 3];

    public static TheoryData<string, float[]> Operations => new()
    {
        { "plus tensor", [-4, -1, 0, 6] },
        { "plus", [-1.5f, 0, 0.5f, 3.5f] },
        { "minus", [-2.5f, -1, -0.5f, 2.5f] },
        { "times", [-1, -0.25f, 0, 1.5f] },
        { "over", [-4, -1, 0, 6] },
        { "squared", [4, 0.25f, 0, 9] },
        { "at least", [0.5f, 0.5f, 0.5f, 3] },
        { "add", [-4, -1, 0, 6] },
        { "increment", [-1, 0.5f, 1, 4] },
        { "leaky relu", [-0.02f, -0.005f, 0, 3] },
        { "elu", [MathF.Exp(-2) - 1, MathF.Exp(-0.5f) - 1, 0, 3] },
        { "softplus", [MathF.Log(1 + MathF.Exp(-2)), MathF.Log(1 + MathF.Exp(-0.5f)), MathF.Log(2), MathF.Log(1 + MathF.Exp(3))] },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public void Operation_IsTheArithmetic(string operation, float[] expected)
    {
        using var scope = NewDisposeScope();

        var result = Compute(operation, tensor(Values));

        Assert.All(expected.Zip(ToArray(result)), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public async Task Operations_WhileGarbageIsCollected_AreTheSame()
    {
        using var stop = new CancellationTokenSource();
        var collecting = CollectAsync(stop.Token);
        using var values = tensor(Values);
        using var elu = LayerModules.Create(new ActivationLayer(ActivationKind.Elu));
        var expected = ComputeAll(values, elu);
        var (calls, wrong) = (0, 0);

        // Seconds, because code is optimized only after a while, and a value outlives its last use until then. TorchSharp's own operators
        // fail about once in ten thousand calls here.
        var watch = Stopwatch.StartNew();
        for (; watch.Elapsed < TimeSpan.FromSeconds(4); calls++)
            wrong += ComputeAll(values, elu) == expected ? 0 : 1;

        await stop.CancelAsync();
        await collecting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.True(wrong == 0, $"{wrong} of {calls} results are wrong.");
    }

    [Fact]
    public void Normalization_CountsNoBatches_AndKeepsItsStatistics()
    {
        using var scope = NewDisposeScope();
        using var module = LayerModules.Create(new NormalizationLayer(2));

        module.forward(randn(4, 2, 3, 3));

        Assert.Equal(["running_mean", "running_var"], module.named_buffers().Select(buffer => buffer.Item1));
        Assert.DoesNotContain(0f, ToArray(module.get_buffer("running_mean")!));
    }

    private static Tensor Compute(string operation, Tensor values)
    {
        switch (operation)
        {
            case "add":
                values.Add(tensor(Values));
                return values;
            case "increment":
                values.Increment();
                return values;
            case "leaky relu" or "elu" or "softplus":
                var kind = Enum.Parse<ActivationKind>(operation.Replace(" ", "", StringComparison.Ordinal), ignoreCase: true);
                using (var module = LayerModules.Create(new ActivationLayer(kind)))
                    return module.forward(values);
            default:
                return operation switch
                {
                    "plus tensor" => values.Plus(tensor(Values)),
                    "plus" => values.Plus(0.5),
                    "minus" => values.Minus(0.5),
                    "times" => values.Times(0.5),
                    "over" => values.Over(0.5),
                    "squared" => values.Squared(),
                    _ => values.AtLeast(0.5),
                };
        }
    }

    private static double ComputeAll(Tensor values, nn.Module<Tensor, Tensor> activation)
    {
        using var scope = NewDisposeScope();
        var result = values.Plus(values).Plus(0.5).Minus(0.25).Times(0.5).Over(0.75).Squared().AtLeast(0.125);
        result.Increment();
        result.Add(activation.forward(values));
        return result.sum().ToNumber();
    }

    private static Task CollectAsync(CancellationToken stop) => Task.Run(
        () =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        },
        CancellationToken.None);

    private static float[] ToArray(Tensor values) => MemoryMarshal.Cast<byte, float>(values.contiguous().bytes).ToArray();
}
