using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Storage;

namespace VaeCluster.Silo.Services;

/// <summary>Finds the grain of a run by the id that a caller gave.</summary>
internal sealed class RunGrains
{
    private readonly IGrainFactory _grains;
    private readonly RunFiles _files;

    public RunGrains(IGrainFactory grains, RunFiles files) => (_grains, _files) = (grains, files);

    /// <exception cref="ArgumentException">No id was given.</exception>
    /// <exception cref="KeyNotFoundException">The id is none that a run can have. Its grain would fail to read its state, which looks like a broken cluster.</exception>
    public IRunGrain this[string runId]
    {
        get
        {
            if (string.IsNullOrEmpty(runId))
                throw new ArgumentException("run_id is empty; it must name a run. `vaectl list` shows those that there are.");
            try
            {
                _files.Folder(runId);
            }
            catch (ArgumentException e)
            {
                throw new KeyNotFoundException($"There is no run '{runId}'. `vaectl list` shows those that there are.", e);
            }
            return _grains.GetGrain<IRunGrain>(runId);
        }
    }
}
