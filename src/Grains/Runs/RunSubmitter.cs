using VaeCluster.Contracts;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;

namespace VaeCluster.Grains.Runs;

/// <summary>Takes a spec in: reads it, looks at its data, and only when all is valid makes a run of it.</summary>
public sealed class RunSubmitter
{
    private readonly IGrainFactory _grains;
    private readonly RunForks _forks;
    private readonly DataOpener _data;

    /// <summary>For the container.</summary>
    /// <param name="grains">Finds the run and the registry.</param>
    /// <param name="forks">Finds what a run goes on from.</param>
    /// <param name="data">Opens what a spec names.</param>
    public RunSubmitter(IGrainFactory grains, RunForks forks, DataOpener data)
    {
        _grains = grains;
        _forks = forks;
        _data = data;
    }

    /// <summary>Every error of the spec and of the data that it names; the spec and the data when there is none.</summary>
    /// <param name="text">The spec.</param>
    /// <param name="overrides">Its fields, each as path=value.</param>
    /// <param name="cancellationToken">Ends the wait for the data.</param>
    /// <exception cref="LimitException">Too many others open data on this silo.</exception>
    public async Task<(IReadOnlyList<SpecError> Errors, RunSpec? Spec, DataDescription? Data)> CheckAsync(
        string text,
        IEnumerable<string> overrides,
        CancellationToken cancellationToken)
    {
        var result = RunSpecReader.Read(text, overrides);
        if (!result.IsValid)
            return (result.Errors, null, null);
        try
        {
            var data = await _data.UseAsync(result.Spec.Data, data => data.Describe(result.Spec.Data), cancellationToken);
            var errors = ModelFit.Check(result.Spec, data);
            return errors.Count > 0 ? (errors, null, null) : ([], result.Spec, data);
        }
        catch (DataException e)
        {
            return ([e.Error], null, null);
        }
    }

    /// <summary>Makes a run of a spec.</summary>
    /// <param name="text">The spec; empty for that of the run to go on from.</param>
    /// <param name="overrides">Its fields, each as path=value.</param>
    /// <param name="from">The run, or run@step, to go on from; empty to begin at step 0.</param>
    /// <param name="cancellationToken">Ends the wait for the data. A run that is registered is submitted.</param>
    /// <exception cref="ArgumentException">The spec has errors: the message has one a line.</exception>
    /// <exception cref="LimitException">Too many others open data on this silo.</exception>
    public async Task<RunSnapshot> SubmitAsync(string text, IEnumerable<string> overrides, string from, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(from);
        var fork = from.Length == 0 ? null : await _forks.FindAsync(from);
        var (errors, spec, data) = await CheckAsync(fork is not null && text.Length == 0 ? fork.SpecJson : text, overrides, cancellationToken);
        if (fork is not null && spec is not null && data is not null)
            errors = await Task.Run(() => RunForks.Check(fork, spec, data), cancellationToken);
        if (spec is null || data is null || errors.Count > 0)
            throw new ArgumentException(string.Join('\n', errors));
        var runId = await _grains.GetGrain<IClusterGrain>(IClusterGrain.TheKey).RegisterRunAsync(spec.Name);
        var plan = new RunPlan { RunId = runId, SpecJson = RunSpecReader.Write(spec), Data = data, Origin = fork?.Origin };
        if (fork is not null)
            await _forks.CopyAsync(fork, plan, spec);
        return await RunGrains.AcceptedAsync(_grains.GetGrain<IRunGrain>(runId).SubmitAsync(plan));
    }
}
