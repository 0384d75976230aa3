using System.CommandLine;
using System.CommandLine.Invocation;
using VaeCluster.Training.Runtime;

namespace VaeCluster.Silo.Configuration;

/// <summary>The command line of <c>vaesilo</c>.</summary>
internal static class SiloCommand
{
    /// <summary>Exit code when the settings are at fault.</summary>
    public const int ExitUsage = 2;

    /// <summary>Exit code when the silo cannot run on this machine.</summary>
    public const int ExitFailed = 1;

    /// <param name="args">What stands on the command line.</param>
    /// <param name="run">Runs a silo with sound settings until it is asked to stop; returns the exit code.</param>
    /// <param name="error">Where faults are written to.</param>
    public static async Task<int> RunAsync(string[] args, Func<SiloSettings, Task<int>> run, TextWriter error)
    {
        var result = Create(run, error).Parse(args);
        if (result.Action is ParseErrorAction)
            return await RefuseAsync([.. result.Errors.Select(fault => fault.Message), "`vaesilo --help` tells what there is."], error);
        // The host ends a silo in good order when it is asked to, and takes the time that this needs; the parser would cut it short.
        return await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static RootCommand Create(Func<SiloSettings, Task<int>> run, TextWriter error)
    {
        var root = new RootCommand(
            "Runs a silo: a member of a VaeCluster that offers its devices, hosts runs and answers vaectl.\n\n"
            + "Two silos on one machine:   vaesilo --instance 0    and    vaesilo --instance 1\n"
            + "One silo, all to itself:    vaesilo dev\n\n"
            + "Each setting may also stand in the environment (--grpc-port is VAECLUSTER_GRPC_PORT) or in a JSON file (grpcPort).\n"
            + "Exit codes: 0 stopped in good order, 1 failed, 2 a setting is at fault.");
        var dev = new Command("dev", "Runs one silo that is a whole cluster, on loopback, with every device of this machine.");
        foreach (var command in new[] { root, dev })
        {
            var config = new Option<string?>("--config") { Description = "JSON file with settings.", HelpName = "path" };
            command.Options.Add(config);
            var flags = SiloSetting.All.Select(Flag).ToList();
            flags.ForEach(command.Options.Add);
            command.SetAction(async result =>
            {
                try
                {
                    var faults = new List<string>();
                    var given = flags.Where(flag => result.GetValue(flag) is not null).ToDictionary(flag => flag.Name, flag => result.GetValue(flag)!);
                    var options = SiloSettingsReader.Read(given, result.GetValue(config), Environment.GetEnvironmentVariable, faults);
                    SiloSettingsValidator.Validate(options, faults);
                    if (faults.Count > 0)
                        return await RefuseAsync(faults, error);
                    options.IsDev = command == dev;
                    if (options is { IsDev: true, Redis: null })
                        options.Primary ??= options.OwnEndPoint;
                    return await run(options);
                }
                catch (TorchRuntimeException e)
                {
                    await error.WriteLineAsync($"vaesilo: {e.Message}");
                    return ExitFailed;
                }
            });
        }
        root.Subcommands.Add(dev);
        return root;
    }

    private static async Task<int> RefuseAsync(IEnumerable<string> faults, TextWriter error)
    {
        foreach (var fault in faults)
            await error.WriteLineAsync($"vaesilo: {fault}");
        return ExitUsage;
    }

    private static Option<string?> Flag(SiloSetting setting) => new(setting.Flag)
    {
        Description = setting.Description + (setting.Default is { } text ? $" Default: {text}." : ""),
        HelpName = "value",
    };
}
