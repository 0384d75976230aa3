using Grpc.Core;

namespace VaeCluster.Compat.Grpc.Hosting;

internal static class RpcAssert
{
    /// <summary>Awaits a call that must fail, and not hang.</summary>
    public static async Task<RpcException> FailsAsync(StatusCode code, Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => call().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.True(failure.StatusCode == code, $"Expected {code}, got: {failure}");
        return failure;
    }
}
