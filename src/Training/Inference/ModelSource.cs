using VaeCluster.Contracts.Runs;

namespace VaeCluster.Training.Inference;

/// <summary>Weights that a run trained, on the disk.</summary>
/// <param name="Plan">The run, its spec and its data.</param>
/// <param name="Step">The step after which they were written.</param>
/// <param name="Path">The safetensors file.</param>
/// <param name="WeightsSha256">What the weights hash to, as lower-case hexadecimal: a file that the disk has damaged is refused.</param>
public sealed record ModelSource(RunPlan Plan, long Step, string Path, string WeightsSha256);
