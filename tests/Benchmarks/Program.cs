using System.CommandLine;
using VaeCluster.Benchmarks;

// Processes inherit these, and then one side's kernels or threads would be those of whoever started the benchmark.
Environment.SetEnvironmentVariable("OPENBLAS_CORETYPE", null);
Environment.SetEnvironmentVariable("OMP_NUM_THREADS", null);
// After an interrupt silos are stopped in good order, which takes a while.
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) };
return await BenchmarkCommand.Create().Parse(args).InvokeAsync(configuration);
