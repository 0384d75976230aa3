using Orleans;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Data;
using VaeCluster.Training.Models;

namespace VaeCluster.Silo.Services;

/// <summary>Takes a spec in: reads it, looks at its data, and only when all is sound makes a run of it.</summary>
internal sealed class RunSubmitter
{
    private readonly IGrainFactory _grains;
    private readonly DataProgressLog _progress;

    public RunSubmitter(IGrainFactory grains, DataProgressLog progress) => (_grains, _progress) = (grains, progress);

    /// <summary>Every fault of the spec and of the data that it names; the spec and the data when there is none.</summary>
    public async Task<(IReadOnlyList<SpecFault> Faults, RunSpec? Spec, DataDescription? Data)> CheckAsync(string text, IEnumerable<string> overrides)
    {
        var result = RunSpecReader.Read(text, overrides);
        if (!result.IsSound)
            return (result.Faults, null, null);
        try
        {
            var data = await Task.Run(() => DataSources.Open(result.Spec.Data, _progress).Describe(result.Spec.Data));
            var faults = ModelFit.Check(result.Spec, data);
            return faults.Count > 0 ? (faults, null, null) : ([], result.Spec, data);
        }
        catch (DataException e)
        {
            return ([e.Fault], null, null);
        }
    }

    /// <exception cref="ArgumentException">The spec has faults: the message has one a line.</exception>
    public async Task<RunSnapshot> SubmitAsync(string text, IEnumerable<string> overrides)
    {
        var (faults, spec, data) = await CheckAsync(text, overrides);
        if (spec is null || data is null)
            throw new ArgumentException(string.Join('\n', faults));
        var runId = await _grains.GetGrain<IClusterGrain>(IClusterGrain.TheKey).RegisterRunAsync(spec.Name);
        var plan = new RunPlan { RunId = runId, SpecJson = RunSpecReader.Write(spec), Data = data };
        return await _grains.GetGrain<IRunGrain>(runId).SubmitAsync(plan);
    }
}
