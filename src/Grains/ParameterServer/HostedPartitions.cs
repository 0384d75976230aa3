using System.Diagnostics.Metrics;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>
/// The partitions of parameter servers that this silo hosts, so that one that stops waits until their ranges are elsewhere. Safe to use from many threads.
/// </summary>
public sealed class HostedPartitions
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <summary>Registers how many there are.</summary>
    public HostedPartitions(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        meters.Create(VaeClusterMeter.Name).CreateObservableGauge("vaecluster.partitions", () => _count, "{partition}",
            "Ranges of runs' weights that this silo owns beside the parameter servers themselves.");
    }

    /// <summary>Completes when the silo hosts none.</summary>
    public Task Emptied
    {
        get
        {
            lock (_gate)
                return _count == 0 ? Task.CompletedTask : _emptied.Task;
        }
    }

    /// <summary>A partition is hosted until the result is disposed.</summary>
    internal IDisposable Add()
    {
        lock (_gate)
        {
            if (_count++ == 0)
                _emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        return new Hosted(this);
    }

    private void Remove()
    {
        lock (_gate)
        {
            if (--_count == 0)
                _emptied.SetResult();
        }
    }

    private sealed class Hosted(HostedPartitions owner) : IDisposable
    {
        private bool _isDisposed;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _isDisposed, true))
                owner.Remove();
        }
    }
}
