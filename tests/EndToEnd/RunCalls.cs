using Grpc.Core;
using VaeCluster.Contracts.V1;

namespace VaeCluster.EndToEnd;

/// <summary>Submits runs to a silo and waits for their ends.</summary>
internal static class RunCalls
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(5);

    /// <summary>Submits a run and returns it as it succeeded.</summary>
    public static async Task<Run> RunAsync(SiloProcess silo, SubmitRequest request)
    {
        var submitted = await silo.Cluster.Runs.SubmitAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        var ended = await EndAsync(silo, submitted.RunId);
        Assert.True(ended.Phase == Phase.Succeeded, $"The run ended as {ended.Phase}: {ended.Conditions[^1].Message}");
        return ended;
    }

    /// <summary>The run, once it has ended.</summary>
    public static Task<Run> EndAsync(SiloProcess silo, string runId) =>
        Eventually.GetAsync($"The end of run {runId}", async () => (await GetAsync(silo, runId)) is { EndedAt: not null } run ? run : null, WaitTimeout);

    /// <summary>The run; null while the silo that drove it has just died and no other drives it yet.</summary>
    public static async Task<Run?> GetAsync(SiloProcess silo, string runId)
    {
        try
        {
            return await silo.Cluster.Runs.GetAsync(new GetRunRequest { RunId = runId }, cancellationToken: TestContext.Current.CancellationToken);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            return null;
        }
    }
}
