using VaeCluster.Parameters.Reduction;
using VaeCluster.Parameters.Vectors;


namespace VaeCluster.Tests.Parameters.Reduction;

/// <summary>A buffer is used again only when nobody can read it any more.</summary>
public sealed class GradientLeaseTests
{
    private readonly BufferPool _pool = new();
    private readonly byte[] _payload = new byte[32];
    private readonly GradientLease _lease;

    public GradientLeaseTests() => _lease = new(7, [[new GradientBlock(0, 1, new(1, 0, 0), _payload)]], _pool);

    [Fact]
    public void Return_AfterEveryAnswer_MakesTheBufferFreeForTheNextStep()
    {
        _lease.BeginRead();
        _lease.EndRead(isStillInUse: false);

        _lease.Return();

        Assert.Same(_payload, _pool.Rent(32));
    }

    [Fact]
    public void Return_BeforeTheAnswer_IsCaught_AndTheBufferStays()
    {
        _lease.BeginRead();

        var e = Assert.Throws<InvalidOperationException>(_lease.Return);

        Assert.Equal("1 calls still read the gradient buffers of step 7; they can be used again only when each is answered.", e.Message);
        Assert.False(_lease.IsFree);
        Assert.NotSame(_payload, _pool.Rent(32));
    }

    [Fact]
    public void Return_WhileAGivenUpMessageRefersToTheBuffer_LeavesItAlone()
    {
        _lease.BeginRead();
        _lease.EndRead(isStillInUse: true);

        _lease.Return();

        Assert.NotSame(_payload, _pool.Rent(32));
    }

    [Fact]
    public void BeginRead_AfterTheReturn_IsCaught()
    {
        _lease.Return();

        Assert.Equal("The gradient buffers of step 7 were returned to the pool and must not be sent.", Assert.Throws<InvalidOperationException>(_lease.BeginRead).Message);
        Assert.Equal("The gradient buffers of step 7 were returned to the pool already.", Assert.Throws<InvalidOperationException>(_lease.Return).Message);
    }
}
