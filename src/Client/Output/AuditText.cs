using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.V1;
using static VaeCluster.Client.Output.ProgressText;

namespace VaeCluster.Client.Output;

/// <summary>An audit, for people.</summary>
internal static class AuditText
{
    public static void Write(TextWriter output, AuditReport report)
    {
        output.WriteLine(report.Valid
            ? Inv($"The ledger of run {report.RunId} is valid.")
            : Inv($"The ledger of run {report.RunId} is not valid; findings: {report.Findings.Count + report.FindingsLeftOut}."));
        output.WriteLine(Inv($"  Steps     {report.Steps} of {report.StepCount}, {report.HashedSteps} with the hash of their weights"));
        output.WriteLine(Inv($"  Epochs    {report.EpochsProven} of {report.EpochCount} verified to use each of {report.Examples} examples once"));
        foreach (var device in report.Devices)
            output.WriteLine(Inv($"  Computed  {device.Shards} gradients of shards by {device.Device}"));
        if (report.Valid)
            output.WriteLine(report.Finished
                ? "  Weights   the model, the run and the ledger have the same hash"
                : "  Weights   not checked: the run has not applied all its steps");
        foreach (var finding in report.Findings)
            output.WriteLine($"  {FindingText.Of(finding.Line, finding.Step, finding.What, finding.Found, finding.Expected)}");
        if (report.FindingsLeftOut > 0)
            output.WriteLine(Inv($"  and {report.FindingsLeftOut} more"));
    }
}
