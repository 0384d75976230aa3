using System.Runtime.InteropServices;

namespace Compat.TorchSharp.Tests;

public sealed class AutogradTests : IDisposable
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new()
    {
        ["square"] = x => x.pow(2).sum(),
        ["exp"] = x => x.exp().sum(),
        ["sigmoid"] = x => x.sigmoid().pow(3).sum(),
        ["tanh"] = x => x.tanh().mean(),
        ["log_softmax"] = x => x.view(2, 3).log_softmax(1).select(1, 0).sum(),
        ["logsumexp"] = x => x.view(2, 3).logsumexp(1).pow(2).sum(),
        ["layer_norm"] = x => nn.functional.layer_norm(x.view(2, 3), [3]).pow(3).sum(),
        ["batch_norm"] = x => nn.functional.batch_norm(x.view(3, 2), null, null, training: true).pow(3).sum(),
        ["bce_with_logits"] = x => nn.functional.binary_cross_entropy_with_logits(x, linspace(0, 1, 6, ScalarType.Float64), reduction: nn.Reduction.Sum),
        ["gelu"] = x => x.gelu().sum(),
        ["softplus"] = x => nn.functional.softplus(x, 3).sum(),
        ["matmul"] = x => x.view(2, 3).matmul(x.view(3, 2)).pow(2).sum(),
        ["indexing"] = x => x[1..4].pow(3).sum() + x[TensorIndex.Tensor(tensor(new long[] { 0, 0, 5 }))].pow(2).sum(),
        ["conv2d"] = x => nn.functional.conv2d(x.view(1, 1, 2, 3), ones(1, 1, 2, 2, ScalarType.Float64), padding: [1, 1]).pow(2).sum(),
        ["conv_transpose2d"] = x => nn.functional.conv_transpose2d(x.view(1, 1, 2, 3), ones(1, 1, 3, 3, ScalarType.Float64), strides: [2, 2]).pow(2).sum(),
        ["interpolate"] = x => nn.functional.interpolate(x.view(1, 1, 2, 3), scale_factor: [2, 2], mode: InterpolationMode.Bilinear).pow(2).sum(),
        ["avg_pool2d"] = x => nn.functional.avg_pool2d(x.view(1, 1, 2, 3), [2, 2], [1, 1]).pow(2).sum(),
        ["kl_div"] = x => nn.functional.kl_div(x.log_softmax(0), linspace(-3, -1, 6, ScalarType.Float64), log_target: true, reduction: nn.Reduction.Sum),
    };

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Names => new(Functions.Keys);

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Grad_OfFunction_IsItsFiniteDifference(string name)
    {
        const double Step = 1e-5;
        double[] at = [0.3, -0.8, 1.1, 0.6, -0.2, 0.9];
        var function = Functions[name];
        var x = Assertions.Doubles(at).requires_grad_();

        var gradient = autograd.grad([function(x)], [x])[0].Values();

        for (var i = 0; i < at.Length; i++)
        {
            var difference = (Shifted(function, x, i, Step) - Shifted(function, x, i, -Step)) / (2 * Step);
            Assert.True(Math.Abs(difference - gradient[i]) < 1e-6, $"{name}, element {i}: the gradient is {gradient[i]}, the finite difference {difference}.");
        }
    }

    [Fact]
    public void Grad_WithRespectToSeveral_GivesOneEach()
    {
        Tensor a = tensor(2.0, requires_grad: true), b = tensor(3.0, requires_grad: true);

        var gradients = autograd.grad([a * b * b], [a, b]);

        Assert.Equal(9, gradients[0].item<double>());
        Assert.Equal(12, gradients[1].item<double>());
    }

    [Fact]
    public void Grad_WithWeights_IsAVectorJacobianProduct()
    {
        var x = Assertions.Doubles(1, 2).requires_grad_();

        Assertions.Holds(autograd.grad([x * x], [x], [Assertions.Doubles(10, 100)])[0], 20, 400);
    }

    [Fact]
    public void Grad_OfGrad_IsTheSecondDerivative()
    {
        var x = tensor(2.0, requires_grad: true);

        var first = autograd.grad([x.pow(3)], [x], create_graph: true)[0];
        var second = autograd.grad([first], [x])[0];

        Assert.Equal(12, second.item<double>());
    }

    [Fact]
    public void Grad_OfUnused_IsRefused_OrInvalid()
    {
        Tensor x = tensor(1.0, requires_grad: true), unused = tensor(1.0, requires_grad: true);

        var error = Assert.Throws<ExternalException>(() => autograd.grad([x * 2], [x, unused]));
        var gradients = autograd.grad([x * 2], [x, unused], allow_unused: true);

        Assert.Equal("One of the differentiated Tensors appears to not have been used in the graph. Set allow_unused=True if this is the desired behavior.", error.Message);
        Assert.Equal(2, gradients[0].item<double>());
        Assert.True(gradients[1].IsInvalid);
    }

    [Fact]
    public void Grad_Twice_NeedsRetainGraph()
    {
        var x = tensor(2.0, requires_grad: true);
        var y = x.exp();

        autograd.grad([y], [x], retain_graph: true);
        autograd.grad([y], [x]);
        var error = Assert.Throws<ExternalException>(() => autograd.grad([y], [x]));

        Assert.StartsWith("Trying to backward through the graph a second time", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Grad_WithoutAGraph_HasLibtorchsText()
    {
        var x = tensor(2.0);

        var error = Assert.Throws<ExternalException>(() => autograd.grad([x * 2], [x]));

        Assert.Equal("element 0 of tensors does not require grad and does not have a grad_fn", error.Message);
    }

    [Fact]
    public void Backward_Gathers_AndZeroGradForgets()
    {
        using var linear = nn.Linear(1, 1, hasBias: false);
        var x = ones(1, 1);

        linear.call(x).backward();
        linear.call(x).sum().backward();

        Assert.Equal(2f, linear.weight.Gradient!.item<float>());
        linear.zero_grad(set_to_none: false);
        Assert.Equal(0f, linear.weight.Gradient!.item<float>());
        linear.zero_grad();
        Assert.Null(linear.weight.Gradient);
    }

    [Fact]
    public void NoGrad_RecordsNothing_AndRestores()
    {
        var x = tensor(2.0, requires_grad: true);

        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False((x * 2).requires_grad);
            using (enable_grad()) Assert.True((x * 2).requires_grad);
            Assert.False(is_grad_enabled());
        }

        Assert.True(is_grad_enabled());
        Assert.True((x * 2).requires_grad);
    }

    [Fact]
    public void InferenceMode_MakesTensorsThatNoGraphTakes()
    {
        var x = tensor(2.0, requires_grad: true);
        Tensor inferred;

        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
            inferred = x * 2;
        }

        Assert.False(is_inference_mode_enabled());
        var error = Assert.Throws<ExternalException>(() => inferred * x);
        Assert.StartsWith("Inference tensors cannot be saved for backward.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoGrad_OnAnotherThread_IsNotSeenHere()
    {
        using var mode = no_grad();
        var isEnabledThere = false;

        var other = new Thread(() => isEnabledThere = is_grad_enabled());
        other.Start();
        Assert.True(other.Join(TimeSpan.FromSeconds(30)), "The other thread did not end within 30 s.");

        Assert.True(isEnabledThere);
    }

    [Fact]
    public void RequiresGrad_OfIntegers_HasLibtorchsText()
    {
        var error = Assert.Throws<ExternalException>(() => tensor(1L).requires_grad_());

        Assert.StartsWith("Only Tensors of floating point and complex dtype can require gradients", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Detached_IsALeafOnTheSameMemory()
    {
        var x = Assertions.Doubles(1, 2).requires_grad_();
        var y = x * 2;

        var detached = y.detach();
        detached.fill_(0);

        Assert.False(y.is_leaf);
        Assert.True(detached.is_leaf);
        Assert.False(detached.requires_grad);
        Assertions.Holds(y, 0, 0);
    }

    private static double Shifted(Func<Tensor, Tensor> function, Tensor x, int element, double step)
    {
        using var gradients = no_grad();
        var shifted = x.detach().clone();
        shifted.data<double>()[element] += step;
        return function(shifted).item<double>();
    }
}
