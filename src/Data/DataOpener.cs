using System.Diagnostics.CodeAnalysis;
using VaeCluster.Contracts;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Data;

/// <summary>
/// Opens data for calls that wait for it: a few at once, ended with the call, and given up where the files stop answering. A file system that does not answer
/// holds a thread for ever; that thread keeps its place among the few, and no caller waits for it.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing to dispose of.")]
public sealed class DataOpener
{
    private readonly SemaphoreSlim _places = new(DataLimits.OpeningsMax);
    private readonly DataAccess _access;
    private readonly TimeProvider _time;

    /// <summary>For the container.</summary>
    /// <param name="access">What the data may use.</param>
    /// <param name="time">The clock.</param>
    public DataOpener(DataAccess access, TimeProvider time)
    {
        _access = access;
        _time = time;
    }

    /// <summary>Opens data, does something with them, and closes them.</summary>
    /// <param name="spec">The data section of a complete spec.</param>
    /// <param name="use">Called on a thread of its own.</param>
    /// <param name="cancellationToken">Ends the wait at once, and the work where it next looks.</param>
    /// <exception cref="DataException">The data are not there, not valid, or do not answer.</exception>
    /// <exception cref="LimitException">Too many others open data.</exception>
    /// <exception cref="OperationCanceledException">The caller no longer waits.</exception>
    public async Task<T> UseAsync<T>(DataSpec spec, Func<Dataset, T> use, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (!await _places.WaitAsync(DataLimits.StallTimeout, cancellationToken))
            throw new LimitException(
                $"{DataLimits.OpeningsMax} data sets are being opened on this silo, which is the most that it opens at once. Submit again in "
                    + "a moment, or to another silo.");
        var opening = _access.For(cancellationToken, _time);
        var work = RunAsync(() =>
        {
            using var dataset = DataSources.Open(spec, opening);
            return use(dataset);
        });
        while (true)
        {
            var left = DataLimits.StallTimeout - opening.IdleTime;
            if (left <= TimeSpan.Zero)
                throw new DataException(
                    "data.path",
                    $"{spec.Path} gave no data for {DataLimits.StallTimeout.TotalSeconds:F0} s.",
                    "Check the file system that it is on, and submit again.");
            try
            {
                return await work.WaitAsync(left, _time, cancellationToken);
            }
            catch (TimeoutException) when (!work.IsCompleted)
            {
                // The work may have gone on meanwhile; then the wait begins again.
            }
        }
    }

    /// <summary>Runs work on a thread of its own, because it may never return, and frees the place when it does.</summary>
    private async Task<T> RunAsync<T>(Func<T> work)
    {
        try
        {
            return await Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _places.Release();
        }
    }
}
