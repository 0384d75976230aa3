using System.CommandLine;
using Google.Protobuf;
using Grpc.Core;
using VaeCluster.Client.Datasets;
using VaeCluster.Contracts;
using VaeCluster.Data;

namespace VaeCluster.Client;

/// <summary>One call of <c>vaectl</c>: what was asked, and where to answer.</summary>
internal sealed class Invocation
{
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithPreserveProtoFieldNames(true));

    private const string Interrupted = "Interrupted. The run continues; `vaectl cancel` ends it.";

    private readonly ParseResult _result;
    private readonly GlobalOptions _options;

    public Invocation(ParseResult result, GlobalOptions options, Terminal terminal) =>
        (_result, _options, Terminal) = (result, options, terminal);

    public Terminal Terminal { get; }

    public bool IsJson => Get(_options.Output) == OutputFormat.Json;

    public T Get<T>(Option<T> option) => _result.GetValue(option)!;

    public T Get<T>(Argument<T> argument) => _result.GetValue(argument)!;

    public void WriteJson(IMessage message) => Terminal.Output.WriteLine(Json.Format(message));

    public void WriteLine(string line) => Terminal.Output.WriteLine(VisibleText.OfLines(line));

    /// <summary>Does the work with a connection, and turns what may go wrong with it into an exit code and a sentence.</summary>
    public async Task<int> CallAsync(Func<VaeClusterClient, Task<int>> work)
    {
        var address = Get(_options.Server);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
            return Fail(ExitCode.Usage, $"--server is '{address}'; it must be an address such as http://127.0.0.1:50051.");
        try
        {
            using var client = new VaeClusterClient(server);
            return await work(client);
        }
        catch (RpcException e)
        {
            return e.StatusCode switch
            {
                StatusCode.InvalidArgument => Fail(ExitCode.Usage, e.Status.Detail),
                StatusCode.NotFound => Fail(ExitCode.NotFound, e.Status.Detail),
                // With a cause on this side the call did not get through; without one a silo said that it cannot do it now.
                StatusCode.Unavailable when e.Status.DebugException is { } cause => Fail(ExitCode.Unavailable,
                    $"No silo answers at {server} ({cause.GetBaseException().Message}). Start one with `vaesilo dev`, or name another with --server."),
                StatusCode.Unavailable => Fail(ExitCode.Unavailable, $"The silo at {server} cannot do this now: {e.Status.Detail}"),
                StatusCode.Cancelled => Fail(ExitCode.Interrupted, Interrupted),
                _ => Fail(ExitCode.Failure, $"{e.Status.Detail} ({e.StatusCode})"),
            };
        }
        catch (OperationCanceledException)
        {
            return Fail(ExitCode.Interrupted, Interrupted);
        }
        catch (UsageException e)
        {
            return Fail(ExitCode.Usage, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(ExitCode.Failure, e.Message);
        }
    }

    /// <summary>Does work that needs no server, and turns what may go wrong with it into an exit code and a sentence.</summary>
    public async Task<int> RunAsync(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is DataException or UsageException)
        {
            return Fail(ExitCode.Usage, e.Message);
        }
        catch (OperationCanceledException)
        {
            return Fail(ExitCode.Interrupted, "Interrupted. Run the command again to continue.");
        }
        catch (Exception e) when (e is DownloadException or IOException or UnauthorizedAccessException)
        {
            return Fail(ExitCode.Failure, e.Message);
        }
    }

    public int Fail(int code, string message)
    {
        foreach (var line in message.Split('\n'))
            Terminal.Error.WriteLine($"vaectl: {VisibleText.Of(line)}");
        return code;
    }
}
