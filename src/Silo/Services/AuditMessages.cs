using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.V1;
using VaeCluster.Grains.Ledger;

namespace VaeCluster.Silo.Services;

/// <summary>Audits as messages of the API.</summary>
internal static class AuditMessages
{
    public static AuditReport ToMessage(this LedgerAudit audit, LedgerSubject subject)
    {
        var report = new AuditReport
        {
            RunId = subject.Plan.RunId,
            Valid = audit.IsValid,
            Steps = audit.Steps,
            StepCount = audit.StepCount,
            EpochsProven = audit.EpochsProven,
            EpochCount = audit.EpochCount,
            Examples = audit.Examples,
            HashedSteps = audit.HashedSteps,
            Finished = subject.Phase == RunPhase.Succeeded,
            FindingsLeftOut = audit.FindingsLeftOut,
        };
        report.Devices.AddRange(audit.ShardsByDevice.Select(share => new DeviceShare { Device = share.Key, Shards = share.Value }));
        report.Findings.AddRange(audit.Findings.Select(finding => new AuditFinding
        {
            Line = finding.Line,
            Step = finding.Step,
            What = finding.What,
            Found = finding.Found,
            Expected = finding.Expected,
        }));
        return report;
    }
}
