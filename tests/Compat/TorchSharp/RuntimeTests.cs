using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp.Native;

namespace Compat.TorchSharp.Tests;

public sealed partial class RuntimeTests
{
    [Fact]
    public void SetNumThreads_IsWhatGetReturns()
    {
        var before = get_num_threads();

        set_num_threads(2);
        Assert.Equal(2, get_num_threads());
        set_num_threads(1);
        Assert.Equal(1, get_num_threads());

        set_num_threads(before);
    }

    [Fact]
    public void SetNumThreads_ToZero_HasLibtorchsText()
    {
        var error = Assert.Throws<ExternalException>(() => set_num_threads(0));

        Assert.Contains("Expected positive number of threads", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ManualSeed_Again_DrawsTheSameNumbers()
    {
        using var scope = NewDisposeScope();

        manual_seed(42);
        var first = cat([rand(3), randn(3)]);
        manual_seed(42);
        var second = cat([rand(3), randn(3)]);

        Assert.True(first.Equals(second));
        Assert.Equal(42, initial_seed());
        Assert.InRange(first[TensorIndex.Slice(0, 3)].max().item<float>(), 0f, 1f);
    }

    [Fact]
    public void Generator_OfItsOwn_DoesNotTouchTheDefaultOne()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);

        manual_seed(1);
        var expected = rand(4);
        manual_seed(1);
        var own = rand(4, generator: generator);
        var actual = rand(4);

        Assert.True(expected.Equals(actual));
        Assert.False(own.Equals(actual));
        Assert.Equal(5, generator.initial_seed());
        Assert.True(own.Equals(rand(4, generator: generator.manual_seed(5))));
    }

    [Fact]
    public void Randperm_HoldsEachNumberOnce() =>
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (double)i), randperm(20).Values().Order());

    [Fact]
    public void Randint_StaysWithinItsBounds()
    {
        using var drawn = randint(3, 6, [200]);

        Assert.Equal([3, 4, 5], drawn.Values().Distinct().Order());
    }

    [Fact]
    public void EveryOperator_IsInThisLibtorch()
    {
        var missing = new List<string>();
        var operators = typeof(Aten).GetFields(BindingFlags.Static | BindingFlags.NonPublic);

        foreach (var field in operators)
        {
            try
            {
                ((Operator)field.GetValue(null)!).Resolve();
            }
            catch (ExternalException error)
            {
                missing.Add($"{field.Name}: {error.Message}");
            }
        }

        Assert.Empty(missing);
        Assert.NotEmpty(operators);
    }

    [Fact]
    public void Operator_ThatLibtorchLacks_IsNamed()
    {
        var error = Assert.Throws<ExternalException>(() => new Operator("no_such_operator").Resolve());

        Assert.StartsWith("Could not find schema for aten::no_such_operator.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Operator_WithTooManyArguments_IsRefused()
    {
        using var tensor = ones(1);

        var error = Assert.Throws<ExternalException>(() => Aten.Exp.Call(tensor, 1L));

        Assert.Equal("aten::exp takes at most 1 arguments, but 2 were given", error.Message);
    }

    [Fact]
    public void Operator_WithoutAnArgument_IsRefused()
    {
        using var tensor = ones(1);

        var error = Assert.Throws<ExternalException>(() => Aten.AddTensor.Call(tensor));

        Assert.Equal("aten::add: argument 1 is not given and has no default", error.Message);
    }

    [Fact]
    public void Operator_WithMoreResultsThanExpected_GivesNone()
    {
        using var tensor = ones(3);
        var live = Assertions.LiveTensors();

        var error = Assert.Throws<ExternalException>(() => Aten.UnbindInt.CallList(2, tensor, 0L));

        Assert.Equal("aten::unbind gave 3 results where at most 2 were expected", error.Message);
        Assert.Equal(live, NativeMethods.TensorLiveCount());
    }

    [Fact]
    public void ArgumentTags_AreTheNativeOnes()
    {
        var header = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vaecluster_torch.h"));

        var native = NativeTag().Matches(header).ToDictionary(
            match => match.Groups["name"].Value.Replace("_", "", StringComparison.Ordinal),
            match => long.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture));

        Assert.Equal(Enum.GetValues<ArgumentTag>().ToDictionary(tag => tag.ToString().ToUpperInvariant(), tag => (long)tag), native);
    }

    [GeneratedRegex(@"VT_(?<name>[A-Z_]+) = (?<value>\d+),")]
    private static partial Regex NativeTag();
}
