using System.Collections;
using System.CommandLine;
using System.CommandLine.Invocation;
using VaeCluster.Training.Runtime;

namespace VaeCluster.Silo.Configuration;

/// <summary>The command line of <c>vaesilo</c>.</summary>
/// <param name="run">Runs a silo with valid settings until it is asked to stop; returns the exit code.</param>
/// <param name="error">Receives the errors.</param>
internal sealed class SiloCommand(Func<SiloSettings, Task<int>> run, TextWriter error)
{
    /// <summary>Exit code when a setting has an error.</summary>
    public const int ExitUsage = 2;

    /// <summary>Exit code when the silo cannot run on this machine.</summary>
    public const int ExitFailed = 1;

    private const string Help =
        "Runs a silo: a member of a VaeCluster that offers its devices, hosts runs and answers vaectl.\n\n"
        + "Two silos on one machine:   vaesilo --instance 0    and    vaesilo --instance 1\n"
        + "One silo, on its own:       vaesilo dev\n\n"
        + "Each setting can also come from the environment (--grpc-port is VAECLUSTER_GRPC_PORT) or from a JSON file (grpcPort).\n"
        + "A flag overrides the environment, and the environment overrides the file.\n"
        + "Exit codes: 0 stopped cleanly, 1 failed, 2 a setting has an error.";

    private readonly Option<string?> _config = new("--config") { Description = "JSON file with settings.", HelpName = "path", Recursive = true };
    private readonly List<Option<string?>> _flags = [.. SiloSetting.All.Select(Flag)];
    private readonly Command _dev = new("dev", "Runs one silo that is a whole cluster, on loopback, with every device of this machine.");

    public async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand(Help) { _config, _dev };
        _flags.ForEach(root.Add);
        root.SetAction(StartAsync);
        _dev.SetAction(StartAsync);
        var result = root.Parse(args);
        if (result.Action is ParseErrorAction)
            return await StartAsync(result);
        // The host stops a silo in good order when it is asked to, and takes the time that this needs; the parser would cut it short.
        return await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private async Task<int> StartAsync(ParseResult result)
    {
        try
        {
            var configuration = Configure(result);
            var settings = configuration.Settings;
            string[] errors = [.. ParseErrors(result), .. configuration.Errors, .. new SiloSettingsValidator(settings, configuration.SourceOf).Validate()];
            foreach (var sentence in errors)
                await error.WriteLineAsync($"vaesilo: {sentence}");
            if (errors.Length > 0)
                return ExitUsage;
            settings.IsDev = result.CommandResult.Command == _dev;
            if (settings is { IsDev: true, Redis: null })
                settings.Primary ??= settings.OwnEndPoint;
            return await run(settings);
        }
        catch (TorchRuntimeException e)
        {
            await error.WriteLineAsync($"vaesilo: {e.Message}");
            return ExitFailed;
        }
    }

    private SiloConfiguration Configure(ParseResult result)
    {
        // The tokens, because the parser's own reader throws where the flag has an error.
        string? Given(Option flag) => result.GetResult(flag)?.Tokens is [.., var token] ? token.Value : null;
        var flags = _flags.Where(flag => Given(flag) is not null).ToDictionary(flag => flag.Name, flag => Given(flag)!);
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(variable => $"{variable.Key}",
            variable => $"{variable.Value}");
        return new SiloConfiguration(flags, Given(_config), environment);
    }

    private static IEnumerable<string> ParseErrors(ParseResult result) =>
        result.Errors.Count == 0 ? [] : result.Errors.Select(error => error.Message).Append("`vaesilo --help` lists the flags.");

    private static Option<string?> Flag(SiloSetting setting) => new(setting.Flag)
    {
        Description = setting.Description + (setting.Default is { } text ? $" Default: {text}." : ""),
        HelpName = "value",
        Recursive = true,
    };
}
