namespace VaeCluster.Tests.Training.Support;

/// <summary>Tests that count live tensors, which are counted for the whole process: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(TensorCounting), DisableParallelization = true)]
public sealed class TensorCounting;
