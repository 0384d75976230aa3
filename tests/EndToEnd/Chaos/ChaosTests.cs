using System.Globalization;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.V1;

namespace VaeCluster.EndToEnd.Chaos;

/// <summary>Runs that go on while silos are killed, halted and restarted, to the same weights.</summary>
public sealed class ChaosTests
{
    private const int Silos = 3;

    /// <summary>Above the two minutes after which a trainer asks again whose answer was lost with a connection.</summary>
    private static readonly TimeSpan RecoveryPatience = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan RunPatience = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Weights_AfterAFewFaults_AreThoseOfAnUndisturbedRun() => await SurviveAsync(faults: 4, seed: 1, every: TimeSpan.Zero, epochs: 60, Fault.All);

    /// <summary>With a standby not even the steps since the checkpoint are lost: the server that takes over is as far as the one that died.</summary>
    [Fact]
    public async Task Weights_AfterTheLossOfAFollowedServer_LoseNoStep()
    {
        await using var cluster = await ChaosCluster.StartAsync(Silos);
        string[] settings = ["checkpoint.every=0", "resources.standby=hot"];
        await using var watcher = new RunWatcher(cluster.FindAsync, (await SubmitAsync(cluster, epochs: 60, settings)).RunId);
        await cluster.SeesAsync(watcher.RunId, RunReasons.StandbyFollows);
        Assert.True(await AppliesAsync(watcher, 100, TimeSpan.Zero), "The run ended too soon.");

        var host = await cluster.HostOfAsync(watcher.RunId);
        var (struckAt, step) = (watcher.Now, watcher.Step);
        await cluster.KillAsync(host);
        await RecoverAsync(watcher, struckAt);
        await cluster.MendAsync();

        var ended = await Eventually.GetAsync("The end of the run", () => Task.FromResult(watcher.Ended), RunPatience);
        var message = Assert.Single(ended.Conditions, condition => condition.Reason == RunReasons.Replaying).Message;
        var isFromStandby = message.Contains("which the standby on silo-", StringComparison.Ordinal);
        Assert.True(isFromStandby, $"The run did not go on from its standby. {message}");
        // Without checkpoints, anything but the standby would begin at step 0.
        Assert.True(ResumedStep(message) >= step, $"Step {step} had been seen. {message}");
        await AssertProvenAsync(cluster, ended);
        var undisturbed = await EndAsync(cluster, (await SubmitAsync(cluster, epochs: 60)).RunId);
        Assert.Equal(undisturbed.Results.WeightsSha256, ended.Results.WeightsSha256);
    }

    private static long ResumedStep(string message) =>
        long.Parse(message.Split("it continues from step ")[1].Split(',')[0], CultureInfo.InvariantCulture);

    /// <summary>What <c>make chaos</c> runs.</summary>
    [Fact(Explicit = true)]
    public async Task Weights_AfterManyFaults_AreThoseOfAnUndisturbedRun() =>
        await SurviveAsync(Setting("VAECLUSTER_CHAOS_FAULTS", 60), Setting("VAECLUSTER_CHAOS_SEED", 1), TimeSpan.FromSeconds(Setting("VAECLUSTER_CHAOS_EVERY", 1)), epochs: 400, Kinds(Environment.GetEnvironmentVariable("VAECLUSTER_CHAOS_KIND") ?? ""), Settings(Environment.GetEnvironmentVariable("VAECLUSTER_CHAOS_SET") ?? ""));

    /// <summary>Submits one run after the other until so many faults have struck; all must end with the weights of the first, which nothing disturbs.</summary>
    private static async Task SurviveAsync(int faults, int seed, TimeSpan every, int epochs, IReadOnlyList<Fault> kinds, params string[] settings)
    {
        await using var cluster = await ChaosCluster.StartAsync(Silos);
        var report = new ChaosReport();
        // What changes no weights is left out: the weights must be those of a run without a standby, too.
        var mathematics = Array.FindAll(settings, setting => !setting.StartsWith("resources.", StringComparison.Ordinal) && !setting.StartsWith("checkpoint.", StringComparison.Ordinal));
        var expected = await EndAsync(cluster, (await SubmitAsync(cluster, epochs, mathematics)).RunId);
        await report.OnUndisturbedAsync(expected.Progress.StepCount, Time(expected), expected.Results.WeightsSha256);

        var schedule = Schedule([.. kinds.Where(kind => !kind.NeedsSmallDisk || cluster.Disk.IsMounted)], new Random(seed)).Take(faults).GetEnumerator();
        for (var hasMore = schedule.MoveNext(); hasMore;)
        {
            await using var watcher = new RunWatcher(cluster.FindAsync, (await SubmitAsync(cluster, epochs, settings)).RunId);
            while (hasMore && await AppliesAsync(watcher, schedule.Current.Gap, every))
            {
                await StrikeAsync(cluster, watcher, schedule.Current.Fault, schedule.Current.Victim, report);
                hasMore = schedule.MoveNext();
            }
            var ended = await Eventually.GetAsync("The end of the run", () => Task.FromResult(watcher.Ended), RunPatience);
            await report.OnRunEndedAsync(ended.RunId, ended.Progress.StepCount, Time(ended), ended.Results?.WeightsSha256 ?? "none");
            Assert.True(ended.Phase == Phase.Succeeded, $"{ended.RunId} ended as {ended.Phase}: {ended.Conditions[^1].Message}");
            Assert.Equal(expected.Results.WeightsSha256, ended.Results!.WeightsSha256);
            Assert.Equal(expected.Results.TestElboNats, ended.Results.TestElboNats);
            await AssertProvenAsync(cluster, ended);
        }
        await report.OnEndAsync(cluster.Restarts);
        Assert.Equal(faults, report.Survived);
    }

    private static async Task StrikeAsync(ChaosCluster cluster, RunWatcher watcher, Fault fault, string drawn, ChaosReport report)
    {
        var victim = await fault.ChooseAsync(cluster, watcher.RunId, drawn);
        var (struckAt, step) = (watcher.Now, watcher.Step);
        try
        {
            await fault.StrikeAsync(new Strike(cluster, watcher.RunId, victim, () => RecoverAsync(watcher, struckAt)));
            await cluster.MendAsync();
            await report.OnRecoveredAsync(fault.Name, victim, step, await RecoverAsync(watcher, struckAt));
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            throw new TimeoutException($"After '{fault.Name}' of {victim} at step {step}: {e.Message}\n{await cluster.DescribeAsync()}", e);
        }
    }

    private static Task<RunWatcher.Recovery> RecoverAsync(RunWatcher watcher, TimeSpan struckAt) =>
        Eventually.GetAsync("The next applied step", () => Task.FromResult(watcher.RecoveryFrom(struckAt)), RecoveryPatience);

    /// <summary>True once so many more steps were applied and so much time has passed; false if the run ended before.</summary>
    private static async Task<bool> AppliesAsync(RunWatcher watcher, long steps, TimeSpan time)
    {
        var from = watcher.Now;
        bool IsEnough() => watcher.AppliedSince(from) >= steps && watcher.Now - from >= time;
        await Eventually.GetAsync($"{steps} more steps", () => Task.FromResult(watcher.Ended is not null || IsEnough() ? "" : null), RunPatience);
        return watcher.Ended is null;
    }

    /// <summary>Faults without end: each kind once before any comes again, at a random silo, after a random number of steps.</summary>
    private static IEnumerable<(Fault Fault, string Victim, long Gap)> Schedule(IReadOnlyList<Fault> kinds, Random random)
    {
        while (true)
        {
            foreach (var fault in kinds)
                yield return (fault, $"silo-{random.Next(Silos)}", random.Next(50, 300));
        }
    }

    private static Task<Run> SubmitAsync(ChaosCluster cluster, int epochs, params string[] settings) => cluster.SubmitAsync(new SubmitRequest
    {
        Spec = "name: chaos",
        Overrides =
        {
            "data.count=1230", "data.test=200", "data.imageSize=16", "model.hidden=[64]", "model.latent=4", "training.batch=50", $"training.epochs={epochs}",
            "checkpoint.every=50", "training.shards=4", "resources.trainers.min=1", $"resources.trainers.max={Silos}",
            settings,
        },
    });

    /// <summary>Whatever happened, the ledger holds every step once and every epoch used each example once.</summary>
    private static async Task AssertProvenAsync(ChaosCluster cluster, Run run)
    {
        var audit = await cluster.AuditAsync(run.RunId);
        Assert.True(audit.Valid, $"The ledger of {run.RunId}: {string.Join(' ', audit.Findings)}");
        Assert.Equal((run.Progress.StepCount, run.Progress.EpochCount), (audit.Steps, audit.EpochsProven));
    }

    private static async Task<Run> EndAsync(ChaosCluster cluster, string runId)
    {
        var run = await Eventually.GetAsync($"The end of {runId}", async () => await cluster.FindAsync(runId) is { EndedAt: not null } ended ? ended : null, RunPatience);
        Assert.True(run.Phase == Phase.Succeeded, $"{runId} ended as {run.Phase}: {run.Conditions[^1].Message}");
        await AssertProvenAsync(cluster, run);
        return run;
    }

    private static TimeSpan Time(Run run) => (run.EndedAt - run.StartedAt).ToTimeSpan();

    /// <summary>The kinds of faults whose names hold a text; all for an empty one.</summary>
    private static List<Fault> Kinds(string text)
    {
        var kinds = Fault.All.Where(fault => fault.Name.Contains(text, StringComparison.OrdinalIgnoreCase)).ToList();
        return kinds.Count > 0 ? kinds : throw new FormatException($"VAECLUSTER_CHAOS_KIND is '{text}', and no fault's name holds that; there are {string.Join("; ", Fault.All.Select(fault => fault.Name))}.");
    }

    /// <summary>The settings of a text. After few local steps the default momentum overshoots, and a run this long would diverge.</summary>
    private static string[] Settings(string text)
    {
        var settings = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var hasLocalSteps = Array.Exists(settings, setting => setting.StartsWith("training.localSteps=", StringComparison.Ordinal));
        return hasLocalSteps ? ["optimizer.outer.momentum=0.5", .. settings] : settings;
    }

    private static int Setting(string variable, int otherwise) => Environment.GetEnvironmentVariable(variable) switch
    {
        null or "" => otherwise,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => number,
        var text => throw new FormatException($"{variable} is '{text}'; it must be a whole number above 0. Leave it out for {otherwise}."),
    };
}
