using TorchSharp.Modules;
using TorchSharp.Native;

namespace Compat.TorchSharp.Tests;

public sealed class TrainingTests
{
    [Fact]
    public void HundredSteps_OfAnMlp_LeaveNoTensorBehind()
    {
        using var net = nn.Sequential(nn.Linear(8, 16), nn.Tanh(), nn.Linear(16, 8));
        using var input = rand(32, 8);

        LeavesNothing(() => Step(net, input));
    }

    [Fact]
    public void HundredSteps_OfAConvNet_LeaveNoTensorBehind()
    {
        using var net = nn.Sequential(
            nn.Conv2d(1, 4, 4, 2, 1), nn.BatchNorm2d(4), nn.LeakyReLU(0.2),
            nn.ConvTranspose2d(4, 1, 4, 2, 1), nn.Sigmoid());
        using var input = rand(4, 1, 8, 8);

        LeavesNothing(() => Step(net, input));
    }

    [Fact]
    public void Steps_ThatFail_LeaveNoTensorBehind() => LeavesNothing(static () =>
    {
        using var scope = NewDisposeScope();
        Assert.ThrowsAny<Exception>(() => zeros(2) + zeros(3));
        Assert.ThrowsAny<Exception>(() => zeros(2, 2).split([1, 3]));
    });

    [Fact]
    public void Mlp_OverManySteps_Learns()
    {
        manual_seed(3);
        using var net = nn.Sequential(nn.Linear(8, 32), nn.Tanh(), nn.Linear(32, 8));
        using var input = rand(16, 8);
        var first = Step(net, input);

        var last = Enumerable.Range(0, 300).Select(_ => Step(net, input)).Last();

        Assert.True(last < first / 2, $"The loss went from {first} to {last} only.");
    }

    [Fact]
    public void Step_WithTheSameSeed_GivesTheSameBits()
    {
        byte[] Run()
        {
            manual_seed(11);
            using var net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 8));
            using var input = rand(16, 8);
            for (var i = 0; i < 5; i++) Step(net, input);
            return [.. net.parameters().SelectMany(parameter => parameter.bytes.ToArray())];
        }

        Assert.Equal(Run(), Run());
    }

    /// <summary>One step of gradient descent towards the input itself.</summary>
    private static float Step(Sequential net, Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor[] parameters = [.. net.parameters()];

        var loss = nn.functional.mse_loss(net.call(input), input);
        var gradients = autograd.grad([loss], parameters);

        using var mode = no_grad();
        foreach (var (parameter, gradient) in parameters.Zip(gradients)) parameter.sub_(gradient * 0.5);
        return loss.item<float>();
    }

    private static void LeavesNothing(Action step)
    {
        step();

        var (live, managed) = (Assertions.LiveTensors(), Tensor.TotalCount);

        for (var i = 0; i < 100; i++) step();

        Assert.Equal(live, NativeMethods.TensorLiveCount());
        Assert.Equal(managed, Tensor.TotalCount);
    }
}
