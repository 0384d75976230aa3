namespace VaeCluster.Architecture.Tests.Samples;

/// <summary>A grain that hands values to other threads, and takes their results back.</summary>
public sealed class HandingOverGrain(IPersistentState<List<int>> state) : Grain
{
    private int _count;

    public async Task RunOnValues(int by)
    {
        var count = _count;
        var sum = await Task.Run(() => count + by);
        _count = sum;
        state.State.Add(sum);
    }

    public async Task RunStaticMethod() => _count = await Task.Run(Compute);

    public async Task RunBesideALambdaThatHasTheGrain(int[] values)
    {
        // The two share a closure, in which the grain is too; the first does not touch it.
        var sum = await Task.Run(() => values.Sum());
        _count = values.Count(value => value > _count) + sum;
    }

    public async Task RunArgument(int by) => _count = await OnAnotherThread(() => by + 1);

    public async Task RunOnAGrainReference()
    {
        var other = GrainFactory.GetGrain<IGrainWithStringKey>("a");
        _count = await Task.Run(() => other.GetHashCode());
    }

    public void OnTheGrainsThread(int[] values) => Array.ForEach(values, value => _count += value);

    private static int Compute() => 1;

    private static Task<T> OnAnotherThread<T>(Func<T> work) => Task.Run(work);
}
