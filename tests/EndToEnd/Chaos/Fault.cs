using VaeCluster.Contracts.Runs;

namespace VaeCluster.EndToEnd.Chaos;

/// <summary>A kind of fault. It strikes, and what it ended is running again when it is over.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="StrikeAsync">Brings it about. It may wait for the run to go on before it restarts what it ended.</param>
internal sealed record Fault(string Name, Func<Strike, Task> StrikeAsync)
{
    private static readonly TimeSpan TerminateTimeout = Silo.SiloHost.ShutdownTimeout + TimeSpan.FromSeconds(10);

    /// <summary>Shorter than the others' timeout with a silo that does not answer.</summary>
    private static readonly TimeSpan ShortPause = TimeSpan.FromSeconds(1);

    /// <summary>Longer: they take the silo for dead, and it finds out when it goes on.</summary>
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(7);

    /// <summary>Shorter than it takes to give a silo up that cannot be reached.</summary>
    private static readonly TimeSpan ShortOutage = TimeSpan.FromSeconds(2);

    /// <summary>Every kind there is. A new one is one more line here.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("kill -9 of a trainer", KillAndWaitAsync) { ChooseAsync = async (cluster, runId, _) =>
        {
            var host = await cluster.HostOfAsync(runId);
            return cluster.Names.First(name => name != host);
        } },
        new("kill -9 of the parameter server's silo", KillAndWaitAsync) { ChooseAsync = (cluster, runId, _) => cluster.HostOfAsync(runId) },
        new("stop for 7 s", strike => PauseAsync(strike, LongPause)),
        new("SIGTERM, restart", async strike =>
        {
            var silo = strike.Cluster[strike.Victim];
            var exitCode = await silo.StopAsync(TerminateTimeout);
            // One that was halted just before may learn in this moment that it was declared dead, and ends for that.
            var wasDeclaredDead = silo.Output.Contains("I have been told I am dead", StringComparison.Ordinal);
            Assert.True(exitCode == 0 || wasDeclaredDead, $"{strike.Victim} was asked to end and ended with {exitCode}. It said:\n{silo.Output}");
        }),
        new("kill -9 of all silos", async strike =>
        {
            await Task.WhenAll(strike.Cluster.Names.Select(name => strike.Cluster.KillAsync(name)));
        }),
        new("kill -9 of all silos, newest checkpoint damaged", async strike =>
        {
            await Task.WhenAll(strike.Cluster.Names.Select(name => strike.Cluster.KillAsync(name)));
            strike.Cluster.DamageNewestCheckpoint();
        }),
        new("kill -9, restart at once", strike => strike.Cluster.KillAsync(strike.Victim)),
        new("stop for 1 s", strike => PauseAsync(strike, ShortPause)),
        new("kill -9 of Redis, restart", strike => strike.Cluster.Redis.RestartAsync()),
        new("connections to a silo cut", strike =>
        {
            strike.Cluster.LinkTo(strike.Victim).Cut();
            return Task.CompletedTask;
        }),
        new("no way to a silo for 2 s", strike => DisconnectAsync(strike, ShortOutage)),
        new("kill -9 of all silos but one", async strike =>
        {
            await Task.WhenAll(strike.Cluster.Names.Where(name => name != strike.Victim).Select(name => strike.Cluster.KillAsync(name)));
        }),
        new("kill -9 of Redis and a silo", async strike =>
        {
            await Task.WhenAll(strike.Cluster.KillAsync(strike.Victim), strike.Cluster.Redis.RestartAsync());
        }),
        new("disk full", async strike =>
        {
            var filler = await strike.Cluster.Disk.FillAsync();
            try
            {
                await strike.Cluster.SeesAsync(strike.RunId, RunReasons.StorageUnavailable);
            }
            finally
            {
                filler.Delete();
            }
        })
        { NeedsSmallDisk = true },
    ];

    /// <summary>The silo that it strikes: of a cluster and a run that trains there, and the one that was drawn.</summary>
    public Func<ChaosCluster, string, string, Task<string>> ChooseAsync { get; private init; } = (_, _, drawn) => Task.FromResult(drawn);

    /// <summary>Whether it would fill the disk of the machine if the silos did not have one of their own.</summary>
    public bool NeedsSmallDisk { get; private init; }

    private static async Task KillAndWaitAsync(Strike strike)
    {
        await strike.Cluster.KillAsync(strike.Victim);
        await strike.GoesOnAsync();
    }

    /// <summary>Nobody reaches the victim. A silo that is given up is restarted afterwards, as it ends by itself.</summary>
    private static async Task DisconnectAsync(Strike strike, TimeSpan length)
    {
        var link = strike.Cluster.LinkTo(strike.Victim);
        link.GoDown();
        // The outage is the fault; there is nothing to wait for.
        await Task.Delay(length, TestContext.Current.CancellationToken);
        link.ComeUp();
    }

    private static async Task PauseAsync(Strike strike, TimeSpan length)
    {
        strike.Cluster.Pause(strike.Victim);
        // The pause is the fault; there is nothing to wait for.
        await Task.Delay(length, TestContext.Current.CancellationToken);
        strike.Cluster.Continue(strike.Victim);
    }
}

/// <summary>One fault that happens.</summary>
/// <param name="Cluster">Whom it happens to.</param>
/// <param name="RunId">The run that trains meanwhile.</param>
/// <param name="Victim">The silo that it strikes.</param>
/// <param name="GoesOnAsync">Waits until the run applies steps again, or has ended.</param>
internal sealed record Strike(ChaosCluster Cluster, string RunId, string Victim, Func<Task> GoesOnAsync);
