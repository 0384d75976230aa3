using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Ledger;

namespace VaeCluster.Grains.Runs;

/// <summary>The proof of what was computed.</summary>
public sealed partial class RunGrain
{
    /// <summary>Before anybody hears of a step it is in the ledger; when writing fails the same records are fetched again.</summary>
    private async Task WriteLedgerAsync(ParameterServerStatus status)
    {
        if (_ledger is null)
        {
            var (path, plan) = (_files.Ledger(RunId), State.Plan!);
            _ledger = await Task.Run(() => LedgerLog.Open(path, plan));
        }
        var ledger = _ledger;
        var gap = await Task.Run(() => ledger.Append(status.Records, status.Step));
        if (gap is null || State.Conditions.Exists(condition => condition.Reason == RunReasons.LedgerIncomplete))
            return;
        LogLedgerIncomplete(RunId, gap);
        await ChangeAsync(state => state.Conditions.Add(Condition(RunReasons.LedgerIncomplete, gap)));
    }

    [LoggerMessage(7, LogLevel.Error, "The ledger of run {RunId} is incomplete: {Gap}")]
    private partial void LogLedgerIncomplete(string runId, string gap);
}
