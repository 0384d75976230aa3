using System.CommandLine;
using System.Text.Json;

namespace VaeCluster.Benchmarks.Workloads;

/// <summary>
/// The hidden command that a child process runs: it measures one workload and prints the measurement as a line of JSON.
/// </summary>
internal static class WorkloadCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "workload";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var workload = new Argument<string>("workload");
        var model = new Option<string>("--model") { DefaultValueFactory = _ => "mlp" };
        var batch = new Option<int>("--batch") { DefaultValueFactory = _ => 128 };
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => 1 };
        var seconds = new Option<double>("--seconds") { DefaultValueFactory = _ => 5 };
        var command = new Command(Name, "Measures one workload in this process.") { workload, model, batch, threads, seconds };
        command.Hidden = true;
        command.SetAction(result =>
        {
            var request = new WorkloadRequest(
                result.GetRequiredValue(workload), result.GetRequiredValue(model),
                result.GetRequiredValue(batch), result.GetRequiredValue(threads));
            var measured = MeasuredLoop.Run(Create(request), result.GetRequiredValue(seconds));
            Console.WriteLine(JsonSerializer.Serialize(measured, JsonSerializerOptions.Web));
        });
        return command;
    }

    private static IWorkload Create(WorkloadRequest request) => request.Workload switch
    {
        PlainLoop.Name => new PlainLoop(request),
        PlainGradient.Name => new PlainGradient(request),
        MatrixProducts.Name => new MatrixProducts(request),
        ParameterServerPath.Name => new ParameterServerPath(),
        MemoryCopy.Name => new MemoryCopy(),
        DataPipeline.Name => new DataPipeline(request),
        _ => throw new ArgumentOutOfRangeException(nameof(request), request.Workload, "There is no such workload."),
    };
}
