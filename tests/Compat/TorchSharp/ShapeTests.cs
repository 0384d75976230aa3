using System.Runtime.InteropServices;

namespace Compat.TorchSharp.Tests;

public sealed class ShapeTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void View_SharesMemory_AndInfersOneSize()
    {
        var tensor = arange(6);
        var view = tensor.view(2, -1);

        tensor.mul_(10);

        Assertions.HasShape(view, 2, 3);
        Assertions.Holds(view[1], 30, 40, 50);
        Assert.Equal(3, view.stride(0));
        Assert.Equal(3, view.size(-1));
        Assert.Equal(6, view.numel());
    }

    [Fact]
    public void View_OfWrongSize_HasLibtorchsText()
    {
        var error = Assert.Throws<ExternalException>(() => zeros(6).view(4, 2));

        Assert.Equal("shape '[4, 2]' is invalid for input of size 6", error.Message);
    }

    [Fact]
    public void Rearranged_KeepElements()
    {
        var tensor = arange(6).view(1, 2, 3);

        Assertions.HasShape(tensor.permute(2, 0, 1), 3, 1, 2);
        Assertions.HasShape(tensor.transpose(-1, -2), 1, 3, 2);
        Assertions.HasShape(tensor.squeeze(0), 2, 3);
        Assertions.HasShape(tensor.squeeze(), 2, 3);
        Assertions.HasShape(tensor.unsqueeze(-1), 1, 2, 3, 1);
        Assertions.HasShape(tensor.flatten(1), 1, 6);
        Assertions.HasShape(tensor.flatten().unflatten(0, 3, 2), 3, 2);
        Assertions.HasShape(tensor.expand(4, 2, 3), 4, 2, 3);
        Assertions.Holds(tensor.squeeze(0).t().reshape(6), 0, 3, 1, 4, 2, 5);
        Assertions.Holds(arange(3).flip(0), 2, 1, 0);
        Assert.False(tensor.permute(2, 0, 1).is_contiguous());
        Assert.True(tensor.permute(2, 0, 1).contiguous().is_contiguous());
    }

    [Fact]
    public void Joined_AlongOldAndNewDimensions()
    {
        Tensor a = arange(2), b = arange(2, 4);

        Assertions.Holds(cat([a, b]), 0, 1, 2, 3);
        Assertions.HasShape(stack([a, b]), 2, 2);
        Assertions.Holds(stack([a, b], 1), 0, 2, 1, 3);
        Assertions.HasShape(vstack([a, b]), 2, 2);
        Assertions.HasShape(hstack([a, b]), 4);
    }

    [Fact]
    public void Cat_WithNull_SaysWhichOne()
    {
        var error = Assert.Throws<ArgumentNullException>(() => cat([zeros(1), null!]));

        Assert.StartsWith("Tensor 1 of 2 is null; every tensor of the list has to be given.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_CoverTheWhole()
    {
        var tensor = arange(5);

        Assert.Equal([2, 2, 1], tensor.split(2).Select(part => part.numel()));
        Assert.Equal([1, 4], tensor.split([1, 4]).Select(part => part.numel()));
        Assert.Equal([3, 2], tensor.chunk(2).Select(part => part.numel()));
        Assert.Equal([0, 1, 2, 3, 4], tensor.unbind().Select(part => part.item<long>()));
    }

    [Fact]
    public void Repeated_ByWholeAndByElement()
    {
        var tensor = arange(2);

        Assertions.Holds(tensor.repeat(2), 0, 1, 0, 1);
        Assertions.HasShape(tensor.repeat(3, 2), 3, 4);
        Assertions.Holds(tensor.repeat_interleave(2), 0, 0, 1, 1);
    }

    [Fact]
    public void Triangles_KeepTheirSide()
    {
        Assertions.Holds(ones(2, 2).triu(1), 0, 1, 0, 0);
        Assertions.Holds(tril(ones(2, 2)), 1, 0, 1, 1);
    }

    [Fact]
    public void Products_AreThoseOfMatrices()
    {
        Tensor a = Assertions.Doubles(new double[,] { { 1, 2 }, { 3, 4 } }), b = Assertions.Doubles(new double[,] { { 0, 1 }, { 1, 0 } });

        Assertions.Holds(a.matmul(b), 2, 1, 4, 3);
        Assertions.Holds(mm(a, b), 2, 1, 4, 3);
        Assertions.Holds(a.mv(Assertions.Doubles(1, -1)), -1, -1);
        Assertions.Holds(a.unsqueeze(0).bmm(b.unsqueeze(0)), 2, 1, 4, 3);
        Assertions.Holds(b.addmm(a, a, beta: 2, alpha: 1), 7, 12, 17, 22);
        Assertions.Holds(Assertions.Doubles(1, 2).outer(Assertions.Doubles(3, 4)), 3, 4, 6, 8);
        Assertions.Holds(Assertions.Doubles(1, 2).dot(Assertions.Doubles(3, 4)), 11);
    }
}
