using VaeCluster.Contracts.ParameterServer;

namespace VaeCluster.Grains.Tests.Ledger;

/// <summary>
/// Ledgers of runs with local steps. Ten examples in batches of four make three batches an epoch, the last of two examples, and steps of two batches and of one.
/// </summary>
public sealed class LocalStepsAuditTests : IDisposable
{
    private const int StepCount = 4;
    private readonly ALedger _ledger = new("training.localSteps=2");

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public void Audit_OfACompleteLedger_ProvesTheEpochs()
    {
        var audit = _ledger.Audit(Write(), applied: StepCount);

        Assert.Empty(audit.Findings);
        Assert.True(audit.IsValid);
        Assert.Equal((4, 4, 2, 2, 10), (audit.Steps, audit.StepCount, audit.EpochsProven, audit.EpochCount, audit.Examples));
        Assert.Equal([("a/cpu:0", 4), ("b/cpu:0", 4)], audit.ShardsByDevice.Select(share => (share.Key, share.Value)));
        Assert.Contains("\"batch\":4,\"local_steps\":2,\"steps\":4", _ledger.Lines[0], StringComparison.Ordinal);
        Assert.Contains(
            "\"batch\":{\"first\":0,\"count\":8},\"blocks\":[{\"first_shard\":0,\"device\":\"a/cpu:0\",\"shards\":[{\"first\":0,\"count\":2},{\"first\":4,\"count\":2}]}",
            _ledger.Lines[1],
            StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_OfABlockOfTwoShards_ProvesTheEpochs()
    {
        var audit = _ledger.Audit(Write(new ComputedBlock(0, 2, "a/cpu:0")), applied: StepCount);

        Assert.Empty(audit.Findings);
        Assert.Equal([("a/cpu:0", 8)], audit.ShardsByDevice.Select(share => (share.Key, share.Value)));
    }

    [Fact]
    public void Audit_OfAChangedRange_NamesIt()
    {
        Write();
        Change(2, "{\"first\":4,\"count\":2}", "{\"first\":0,\"count\":2}");

        string[] texts = [.. _ledger.Audit(_ledger.Reseal(), applied: StepCount).Findings.Select(finding => finding.ToString())];

        Assert.Equal("line 2, step 1: the range of shard 0 is positions 0 to 1; expected 4 to 5.", texts[0]);
        Assert.StartsWith("line 2, step 1: the use of the examples is 2 that epoch 1 has used already", texts[1], StringComparison.Ordinal);
        Assert.StartsWith("epoch 1 is one that leaves 2 of 10 examples out", texts[2], StringComparison.Ordinal);
        Assert.Equal(3, texts.Length);
    }

    [Fact]
    public void Audit_OfARangeThatIsGone_SaysHowManyThereMustBe()
    {
        Write();
        Change(2, ",{\"first\":4,\"count\":2}", "");

        var texts = _ledger.Audit(_ledger.Reseal(), applied: StepCount).Findings.Select(finding => finding.ToString());

        Assert.Contains("line 2, step 1: the number of ranges from shard 0 is 1; expected a multiple of 2, one a batch.", texts);
    }

    [Fact]
    public void Audit_OfAnotherNumberOfLocalSteps_NamesIt()
    {
        Write();
        Change(1, "\"local_steps\":2", "\"local_steps\":3");

        var finding = Assert.Single(_ledger.Audit(_ledger.Reseal(), applied: StepCount).Findings);

        Assert.Equal("line 1: the number of local steps is 3; expected 2.", finding.ToString());
    }

    private string Write(params ComputedBlock[] blocks)
    {
        var records = _ledger.Records(1, StepCount);
        records[^1] = records[^1] with { WeightsSha256 = _ledger.FinalSha256 };
        return _ledger.Write([.. records.Select(record => blocks.Length == 0 ? record : record with { Blocks = [.. blocks] })]);
    }

    private void Change(int line, string old, string other)
    {
        var lines = _ledger.Lines;
        Assert.Contains(old, lines[line - 1], StringComparison.Ordinal);
        lines[line - 1] = lines[line - 1].Replace(old, other, StringComparison.Ordinal);
        _ledger.Lines = lines;
    }
}
