namespace VaeCluster.EndToEnd;

/// <summary>How the program <c>vaesilo</c> starts and ends.</summary>
public sealed class SiloProcessTests
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Start_WithBadSettings_ExitsWith2_AndSaysAllThatIsWrong()
    {
        await using var silo = RunningProgram.Start(BuiltRepository.Program("Silo", "vaesilo"), ["--name", "a b", "--grpc-port", "x", "--devices", "gpu", "--data-dir", "/proc/none"]);

        var exitCode = await silo.ExitAsync(WaitTimeout, TestContext.Current.CancellationToken);

        Assert.Equal(2, exitCode);
        var lines = silo.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("vaesilo: --grpc-port is 'x'; it must be a whole number.", lines);
        Assert.Contains("vaesilo: --name is 'a b'; it must be 1 to 60 letters, digits, dashes and dots.", lines);
        Assert.Contains("vaesilo: --devices is 'gpu'; 'gpu' is not a device; write auto, none, cpu:2 for two CPU slots, or cuda:0,cuda:1.", lines);
        Assert.Contains(lines, line => line.StartsWith("vaesilo: --data-dir is '/proc/none'; it is not writable: ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", silo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnAPortThatIsTaken_ExitsWith2_AndNamesIt()
    {
        await using var first = await SiloProcess.StartAsync("none");
        await using var second = RunningProgram.Start(BuiltRepository.Program("Silo", "vaesilo"), ["--devices", "none", "--data-dir", first.DataDir, "--http-port", $"{first.HttpPort}", "--instance", "900"]);

        var exitCode = await second.ExitAsync(WaitTimeout, TestContext.Current.CancellationToken);

        Assert.Equal(2, exitCode);
        Assert.Contains($"vaesilo: --http-port is {first.HttpPort}, and 127.0.0.1:{first.HttpPort} cannot be opened: Address already in use.", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_WhileARunTrains_EndsInGoodOrder_AndTheRunGoesOnAfterARestart()
    {
        await using var first = await SiloProcess.StartAsync();
        var request = new Contracts.V1.SubmitRequest { Spec = "{ name: restarted, data: { source: shapes, count: 2000, imageSize: 16, test: 100 }, model: { hidden: [32], latent: 2 }, training: { batch: 50, epochs: 30 } }" };
        var run = await first.Cluster.Runs.SubmitAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        await foreach (var update in first.Cluster.WatchAsync(run.RunId, cancellationToken: TestContext.Current.CancellationToken))
        {
            if (update.Progress.Step > 0)
                break;
        }

        var exitCode = await first.StopAsync(Silo.SiloHost.ShutdownTimeout + TimeSpan.FromSeconds(5));

        Assert.True(exitCode == 0, $"The silo ended with {exitCode}. It said:\n{first.Output}");
        // Orleans itself logs each call that finds no silo any more, when the last one leaves.
        Assert.DoesNotContain("fail: VaeCluster", first.Output, StringComparison.Ordinal);
        await using var second = await SiloProcess.StartAsync(dataDir: first.DataDir);
        Contracts.V1.Run? last = null;
        await foreach (var update in second.Cluster.WatchAsync(run.RunId, cancellationToken: TestContext.Current.CancellationToken))
            last = update;
        Assert.Equal(Contracts.V1.Phase.Succeeded, last!.Phase);
    }

    [Fact]
    public async Task Start_OnTheDataDirectoryOfARunningCluster_EndsWith1_AndNamesBoth()
    {
        await using var first = await SiloProcess.StartAsync("none");
        await using var second = SiloProcess.Begin(first.DataDir, ["--devices", "none", "--cluster-id", "other"]);

        Assert.Equal(1, await second.ExitAsync(WaitTimeout));

        Assert.StartsWith($"vaesilo: The data directory {first.DataDir} is in use by the cluster 'vaecluster' (membership: silo 127.0.0.1:{first.SiloPort})", second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_OfAHealthyLife_IsAFewLines_WithoutAWarning()
    {
        await using var silo = await SiloProcess.StartAsync("cpu:2");
        var request = new Contracts.V1.SubmitRequest { Spec = "{ name: healthy, data: { source: shapes, count: 500, imageSize: 8, test: 50 }, model: { hidden: [16], latent: 2 }, training: { batch: 50, epochs: 5 } }" };
        await RunCalls.RunAsync(silo, request);
        var endless = request.Clone();
        endless.Overrides.Add("training.epochs=100000");
        var run = await silo.Cluster.Runs.SubmitAsync(endless, cancellationToken: TestContext.Current.CancellationToken);
        await Eventually.GetAsync("Its first steps", async () => await RunCalls.GetAsync(silo, run.RunId) is { Progress.Step: > 0 } found ? found : null, WaitTimeout);
        await silo.Cluster.Runs.CancelAsync(new Contracts.V1.GetRunRequest { RunId = run.RunId }, cancellationToken: TestContext.Current.CancellationToken);
        await Eventually.GetAsync("Free devices", async () => await FreeDevicesAsync(silo) == 2 ? "" : null, WaitTimeout);

        var exitCode = await silo.StopAsync(Silo.SiloHost.ShutdownTimeout + TimeSpan.FromSeconds(5));

        Assert.Equal(0, exitCode);
        Assert.Contains($"Ready: API at http://127.0.0.1:{silo.GrpcPort}, metrics at http://127.0.0.1:{silo.HttpPort}/metrics.", silo.Output, StringComparison.Ordinal);
        var lines = silo.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.TakeWhile(line => !line.Contains("healthy-1", StringComparison.Ordinal)).Count() < 8, silo.Output);
        Assert.All(lines, line => Assert.Contains(" info: ", line, StringComparison.Ordinal));
        Assert.DoesNotContain("Exception", silo.Output, StringComparison.Ordinal);
    }

    private static async Task<int> FreeDevicesAsync(SiloProcess silo) =>
        (await silo.Cluster.Devices.ListAsync(new Contracts.V1.ListDevicesRequest(), cancellationToken: TestContext.Current.CancellationToken)).Devices.Count(device => device.RunId.Length == 0);
}
