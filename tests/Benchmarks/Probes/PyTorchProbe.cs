using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using VaeCluster.Tests.Support.Processes;

namespace VaeCluster.Benchmarks.Probes;

/// <summary>
/// PyTorch, tuned as well as we know: OpenBLAS with the kernels of this processor, and an allocator that keeps what was freed. Without
/// that Debian's build is about half as fast.
/// </summary>
/// <param name="figure">The figure.</param>
/// <param name="model">mlp, conv28 or conv64.</param>
/// <param name="batch">Examples in one batch of one process.</param>
/// <param name="threads">Threads of one process.</param>
/// <param name="processes">With more than one, DistributedDataParallel over gloo.</param>
internal sealed class PyTorchProbe(string figure, string model, int batch, int threads, int processes = 1) : ProcessProbe(figure)
{
    private const string KeepFreed = "1073741824";

    private static readonly TimeSpan VersionTimeout = TimeSpan.FromSeconds(60);

    /// <summary>The version of a Python's PyTorch, or that there is none.</summary>
    public static async Task<string> VersionAsync(string python, CancellationToken cancellationToken)
    {
        try
        {
            await using var program = RunningProgram.Start(python, ["-c", "import torch; print(torch.__version__)"]);
            return await program.ExitAsync(VersionTimeout, cancellationToken) == 0 ? program.Output.Trim() : "not installed";
        }
        catch (Win32Exception)
        {
            return $"not installed ({python} does not start)";
        }
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<ProcessStartInfo> Commands(BenchmarkSettings settings)
    {
        var port = LoopbackPorts.Free(1)[0];
        return [.. Enumerable.Range(0, processes).Select(rank => Command(settings, rank, port))];
    }

    /// <inheritdoc/>
    protected override string Explain(string output) => output.Contains("No module named 'torch'", StringComparison.Ordinal)
        ? "this Python has no torch. Install Debian's python3-torch, or name another Python with --python."
        : base.Explain(output);

    private ProcessStartInfo Command(BenchmarkSettings settings, int rank, int port)
    {
        var script = Path.Combine(BuiltRepository.Root, "tests", "Benchmarks", "peer.py");
        var seconds = settings.Seconds.ToString(CultureInfo.InvariantCulture);
        var hasAvx512 = File.ReadAllText("/proc/cpuinfo").Contains(" avx512f ", StringComparison.Ordinal);
        return new ProcessStartInfo(settings.Python, [script, model, $"{batch}", $"{threads}", seconds])
        {
            Environment =
            {
                ["OPENBLAS_CORETYPE"] = hasAvx512 ? "SkylakeX" : "Haswell",
                ["MALLOC_MMAP_THRESHOLD_"] = KeepFreed,
                ["MALLOC_TRIM_THRESHOLD_"] = KeepFreed,
                ["MALLOC_TOP_PAD_"] = "268435456",
                ["OMP_NUM_THREADS"] = $"{threads}",
                ["MASTER_ADDR"] = "127.0.0.1",
                ["MASTER_PORT"] = $"{port}",
                ["WORLD_SIZE"] = $"{processes}",
                ["RANK"] = $"{rank}",
            },
        };
    }
}
