using TorchSharp.Native;

namespace Compat.TorchSharp.Tests;

public sealed class DisposeScopeTests
{
    [Fact]
    public void Scope_AtItsEnd_DisposesWhatWasMadeInIt()
    {
        var outside = ones(1);
        Tensor inside;

        using (var scope = NewDisposeScope())
        {
            inside = outside + 1;
            Assert.Equal(1, scope.DisposablesCount);
            Assert.True(scope.Contains(inside));
        }

        Assert.True(inside.IsInvalid);
        Assert.False(outside.IsInvalid);
        outside.Dispose();
    }

    [Fact]
    public void MoveToOuter_FromTheInner_EndsWithTheOuter()
    {
        Tensor moved;

        using (var outer = NewDisposeScope())
        {
            using (NewDisposeScope()) moved = ones(1).MoveToOuterDisposeScope();

            Assert.False(moved.IsInvalid);
            Assert.True(outer.Contains(moved));
        }

        Assert.True(moved.IsInvalid);
    }

    [Fact]
    public void MoveToOuter_FromTheOutermost_LetsGo()
    {
        Tensor moved;

        using (NewDisposeScope()) moved = ones(1).MoveToOuterDisposeScope();

        Assert.False(moved.IsInvalid);
        moved.Dispose();
    }

    [Fact]
    public void Detach_FromWithinTwoScopes_OutlivesBoth()
    {
        Tensor detached;

        using (NewDisposeScope())
        using (NewDisposeScope())
            detached = ones(1).DetachFromDisposeScope();

        Assert.False(detached.IsInvalid);
        detached.Dispose();
    }

    [Fact]
    public void DisposeEverythingBut_KeepsThatOne()
    {
        using var scope = NewDisposeScope();
        Tensor a = ones(1), b = ones(1), c = ones(1);

        scope.DisposeEverythingBut(a, b);

        Assert.False(a.IsInvalid);
        Assert.False(b.IsInvalid);
        Assert.True(c.IsInvalid);
        Assert.Equal(2, scope.DisposablesCount);
    }

    [Fact]
    public void DisposedByHand_LeavesTheScope()
    {
        using var scope = NewDisposeScope();
        var tensor = ones(1);

        tensor.Dispose();

        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void MoveToOuter_OfSeveral_ReturnsThem()
    {
        using var outer = NewDisposeScope();
        var inner = NewDisposeScope();

        var (first, second) = inner.MoveToOuter(ones(1), ones(2));
        inner.Dispose();

        Assert.Equal(1, first.numel());
        Assert.Equal(2, second.numel());
        Assert.Equal(2, outer.DisposablesCount);
    }

    [Fact]
    public void Wrapped_KeepsOnlyTheResult()
    {
        using var outer = NewDisposeScope();

        var result = WrappedTensorDisposeScope(() => ones(2) + ones(2) * 3);

        Assert.Equal([result], outer.DisposablesView);
        Assertions.Holds(result, 4, 4);
    }

    [Fact]
    public void OuterEndedFirst_TheInnerStaysCurrent()
    {
        var outer = NewDisposeScope();
        using var inner = NewDisposeScope();

        outer.Dispose();
        var tensor = ones(1);

        Assert.True(inner.Contains(tensor));
    }

    [Fact]
    public void Ended_ToldToMove_Throws()
    {
        var scope = NewDisposeScope();
        scope.Dispose();
        using var tensor = ones(1);

        Assert.Throws<ObjectDisposedException>(() => scope.MoveToOuter(tensor));
        Assert.Throws<ObjectDisposedException>(() => scope.DisposablesCount);
    }

    [Fact]
    public void AnotherThread_SeesNoScopeOfThisOne()
    {
        using var scope = NewDisposeScope();
        Tensor? made = null;

        var other = new Thread(() => made = ones(1));
        other.Start();
        Assert.True(other.Join(TimeSpan.FromSeconds(30)), "The other thread did not end within 30 s.");

        Assert.False(scope.Contains(made!));
        made!.Dispose();
    }

    [Fact]
    public void Statistics_CountThisThread()
    {
        var statistics = DisposeScopeManager.Statistics;
        statistics.Reset();

        using var outside = ones(1);
        using (NewDisposeScope())
        {
            _ = ones(1);
            ones(1).DetachFromDisposeScope().Dispose();
        }

        Assert.Equal(1, statistics.CreatedOutsideScopeCount);
        Assert.Equal(2, statistics.CreatedInScopeCount);
        Assert.Equal(1, statistics.DisposedInScopeCount);
        Assert.Equal(1, statistics.DetachedFromScopeCount);
        Assert.Equal(1, statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Parameter_TakesTheTensorsPlace()
    {
        using var scope = NewDisposeScope();
        var tensor = ones(1);
        var count = Assertions.LiveTensors();

        var parameter = nn.Parameter(tensor);

        Assert.True(tensor.IsInvalid);
        Assert.True(parameter.requires_grad);
        Assert.Equal([parameter], scope.DisposablesView);
        Assert.Equal(count, NativeMethods.TensorLiveCount());
    }

    [Fact]
    public void Decoupled_LeavesTheHandleToItsNewOwner()
    {
        var tensor = ones(3);
        _ = Assertions.LiveTensors();
        var count = Tensor.TotalCount;

        using var other = Tensor.UnsafeCreateTensor(tensor.DecoupleFromNativeHandle());

        Assert.True(tensor.IsInvalid);
        Assert.Equal(3, other.numel());
        Assert.Equal(count, Tensor.TotalCount);
    }

    [Fact]
    public void PeakCount_IsNoLessThanTheTotal()
    {
        using var tensor = ones(1);

        Assert.True(Tensor.PeakCount >= Tensor.TotalCount);
    }
}
