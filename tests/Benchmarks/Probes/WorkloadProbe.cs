using System.Diagnostics;
using System.Globalization;
using VaeCluster.Benchmarks.Workloads;
using VaeCluster.Tests.Support.Processes;

namespace VaeCluster.Benchmarks.Probes;

/// <summary>A workload of this program in a child process, so that its memory, its threads and its native library are its own.</summary>
/// <param name="figure">The figure.</param>
/// <param name="request">The workload.</param>
internal sealed class WorkloadProbe(string figure, WorkloadRequest request) : ProcessProbe(figure)
{
    /// <summary>Whether the .NET runtime is set up as in a silo: for code of the product. Peers get what everybody gets.</summary>
    public bool LikeASilo { get; init; }

    /// <inheritdoc/>
    protected override IReadOnlyList<ProcessStartInfo> Commands(BenchmarkSettings settings)
    {
        var program = typeof(WorkloadProbe).Assembly.Location;
        string[] runtime = LikeASilo ? ["--runtimeconfig", $"{BuiltRepository.Program("Silo", "vaesilo")}.runtimeconfig.json"] : [];
        return
        [
            new ProcessStartInfo("dotnet",
            [
                "exec", .. runtime, program, WorkloadCommand.Name, request.Workload,
                "--model", request.Model, "--batch", Text(request.Batch), "--threads", Text(request.Threads), "--seconds", settings.Seconds.ToString(CultureInfo.InvariantCulture),
            ]),
        ];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
