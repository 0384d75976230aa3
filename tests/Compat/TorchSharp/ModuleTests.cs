using TorchSharp.Modules;

namespace Compat.TorchSharp.Tests;

public sealed class ModuleTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Names_OfANestedModule_ArePyTorchs()
    {
        using var net = new Net();

        Assert.Equal(
            [
                "scale", "encoder.0.weight", "encoder.0.bias", "encoder.1.weight", "encoder.1.bias",
                "head.weight", "heads.0.weight", "heads.0.bias", "heads.1.weight", "heads.1.bias",
            ],
            net.named_parameters().Select(named => named.name).Order(new DeclarationOrder()));
        Assert.Equal(
            ["encoder.1.num_batches_tracked", "encoder.1.running_mean", "encoder.1.running_var", "offset"],
            net.named_buffers().Select(named => named.name).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["encoder", "encoder.0", "encoder.1", "encoder.2", "head", "heads", "heads.0", "heads.1"],
            net.named_modules().Select(named => named.name).Order(StringComparer.Ordinal));
        Assert.Equal(["encoder", "head", "heads"], net.named_children().Select(named => named.name));
        Assert.Equal(["scale"], net.named_parameters(recurse: false).Select(named => named.name));
    }

    [Fact]
    public void StateDict_HoldsTheTensorsThemselves()
    {
        using var net = new Net();

        var state = net.state_dict();

        Assert.Equal(14, state.Count);
        Assert.Same(net.head.weight, state["head.weight"]);
        Assert.Same(net.get_parameter("encoder.0.bias"), state["encoder.0.bias"]);
        Assert.Same(net.get_buffer("encoder.1.running_var"), state["encoder.1.running_var"]);
        Assert.True(net.has_parameter("heads.1.weight"));
        Assert.False(net.has_parameter("heads.2.weight"));
        Assert.Null(net.get_buffer("nothing"));
    }

    [Fact]
    public void LoadStateDict_OfAnotherModule_MakesThemAlike()
    {
        using Net a = new(), b = new();
        var input = randn(3, 4);
        Assert.False(a.eval(input).allclose(b.eval(input)));

        var (missing, unexpected) = b.load_state_dict(a.state_dict());

        Assert.Empty(missing);
        Assert.Empty(unexpected);
        Assert.True(a.eval(input).allclose(b.eval(input)));
        Assert.All(b.parameters(), parameter => Assert.True(parameter.requires_grad));
    }

    [Fact]
    public void LoadStateDict_WithOtherNames_NamesThem()
    {
        using var linear = nn.Linear(1, 1);
        var state = new Dictionary<string, Tensor> { ["weight"] = ones(1, 1), ["extra"] = ones(1) };

        var error = Assert.Throws<InvalidOperationException>(() => linear.load_state_dict(state));
        var (missing, unexpected) = linear.load_state_dict(state, strict: false);

        Assert.Equal("The loaded state_dict is not identical to the target dictionary. Missing: [bias]; unexpected: [extra].", error.Message);
        Assert.Equal(["bias"], missing);
        Assert.Equal(["extra"], unexpected);
        Assertions.Holds(linear.weight, 1);
    }

    [Fact]
    public void Register_TwiceOrUnderABadName_IsRefused()
    {
        using var net = new Net();

        Assert.Equal("Parameter scale is already registered.", Assert.Throws<InvalidOperationException>(() => net.register_parameter("scale", nn.Parameter(ones(1)))).Message);
        Assert.Equal("Tensor offset is already registered.", Assert.Throws<InvalidOperationException>(() => net.register_buffer("offset", ones(1))).Message);
        Assert.Equal("Sub-module head is already registered.", Assert.Throws<InvalidOperationException>(() => net.register_module("head", nn.ReLU())).Message);
        Assert.Equal("module name can't contain \".\", got: a.b", Assert.Throws<ArgumentException>(() => net.register_module("a.b", nn.ReLU())).Message);
        Assert.StartsWith("Buffer b is not persistent;", Assert.Throws<NotSupportedException>(() => net.register_buffer("b", ones(1), persistent: false)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Cannot register a parameter", Assert.Throws<InvalidOperationException>(() => nn.ReLU().register_parameter("w", nn.Parameter(ones(1)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TrainAndEval_ReachEveryModule()
    {
        using var net = new Net();
        Assert.All(net.modules(), module => Assert.True(module.training));

        net.eval();

        Assert.False(net.training);
        Assert.All(net.modules(), module => Assert.False(module.training));
    }

    [Fact]
    public void To_AnotherType_ReplacesParametersEverywhere()
    {
        using var net = new Net();
        var old = net.head.weight;

        var same = net.to(ScalarType.Float64);

        Assert.Same(net, same);
        Assert.True(old.IsInvalid);
        Assert.All(net.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        Assert.All(net.parameters(), parameter => Assert.True(parameter is { requires_grad: true, is_leaf: true }));
        Assert.Equal(ScalarType.Int64, net.get_buffer("encoder.1.num_batches_tracked")!.dtype);
        Assert.Equal(ScalarType.Float64, net.offset.dtype);
        Assert.Same(net.scale, net.get_parameter("scale"));
        Assertions.HasShape(net.eval(randn(2, 4, ScalarType.Float64)), 2, 1);
    }

    [Fact]
    public void To_Integers_IsRefused()
    {
        using var linear = nn.Linear(1, 1);

        var error = Assert.Throws<ArgumentException>(() => linear.to(ScalarType.Int32));

        Assert.Equal("nn.Module.to only accepts floating point or complex types, but got desired dtype=Int32", error.Message);
    }

    [Fact]
    public void Parameters_OutliveTheScopeTheyWereMadeIn()
    {
        Linear linear;
        BatchNorm2d norm;

        using (NewDisposeScope())
        {
            linear = nn.Linear(2, 2);
            norm = nn.BatchNorm2d(2);
        }

        Assert.All(linear.parameters(), parameter => Assert.False(parameter.IsInvalid));
        Assert.Equal(3, norm.buffers().Count());
        linear.Dispose();
        norm.Dispose();
        Assert.Empty(linear.parameters());
    }

    [Fact]
    public void Hooks_ChangeWhatGoesInAndOut_UntilRemoved()
    {
        using var identity = nn.Identity();
        var before = identity.register_forward_pre_hook((_, input) => input + 1);
        var after = identity.register_forward_hook((_, _, result) => result * 10);

        Assertions.Holds(identity.call(ones(1)), 20);
        before.remove();
        Assertions.Holds(identity.call(ones(1)), 10);
        after.remove();
        Assertions.Holds(identity.call(ones(1)), 1);
    }

    [Fact]
    public void Sequential_OfNames_AndSlices()
    {
        using var sequence = nn.Sequential(("first", nn.Linear(2, 3)), ("act", nn.ReLU()), ("last", nn.Linear(3, 1)));

        Assert.Equal(["first.weight", "first.bias", "last.weight", "last.bias"], sequence.named_parameters().Select(named => named.name));
        Assert.Equal(3, sequence.Count);
        Assert.Equal(2, sequence[..2].Count);
        Assert.IsType<ReLU>(sequence[1]);
        Assertions.HasShape(sequence[..2].call(ones(5, 2)), 5, 3);
        Assertions.Holds(nn.Sequential().call(ones(1)), 1);
    }

    [Fact]
    public void Sequential_DisposesWhatLiesBetween_ButNotItsInput()
    {
        using var sequence = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1));
        var input = ones(1, 2);
        var before = _scope.DisposablesCount;

        _ = sequence.call(input);

        Assert.Equal(before + 1, _scope.DisposablesCount);
        Assert.False(input.IsInvalid);
    }

    /// <summary>The fields' order, which reflection does not promise.</summary>
    private sealed class DeclarationOrder : IComparer<string>
    {
        private static readonly List<string> Prefixes = ["scale", "encoder", "head.", "heads."];

        public int Compare(string? x, string? y) => Rank(x!).CompareTo(Rank(y!));

        private static int Rank(string name) => Prefixes.FindIndex(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>One of everything that a module can hold, in fields named as PyTorch's would be.</summary>
    private sealed class Net : nn.Module<Tensor, Tensor>
    {
#pragma warning disable IDE1006 // The fields' names are the keys of the state dictionary.
        internal Parameter scale = nn.Parameter(ones(1));
        internal Tensor offset = zeros(1);
        internal readonly Sequential encoder = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.ReLU());
        internal readonly Linear head = nn.Linear(3, 1, hasBias: false);
        internal readonly ModuleList<Linear> heads = nn.ModuleList(nn.Linear(3, 1), nn.Linear(3, 1));
#pragma warning restore IDE1006

        internal Net() : base(nameof(Net)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var features = encoder.call(input);
            return (head.call(features) + heads[0].call(features) + heads[1].call(features)) * scale + offset;
        }

        internal Tensor eval(Tensor input)
        {
            eval();
            return call(input);
        }
    }
}
