namespace VaeCluster.Benchmarks.Workloads;

/// <summary>What a child process is to do.</summary>
/// <param name="Workload">A name of <see cref="WorkloadCommand"/>.</param>
/// <param name="Model">The model, where the workload has one.</param>
/// <param name="Batch">Examples in one batch.</param>
/// <param name="Threads">Threads of libtorch.</param>
internal sealed record WorkloadRequest(string Workload, string Model = "mlp", int Batch = 128, int Threads = 1);
