using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Grains.Ledger;

namespace VaeCluster.Grains.Tests.Ledger;

public sealed class LedgerLogTests : IDisposable
{
    private readonly ALedger _ledger = new();

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public void Append_WritesTheRun_ThenALineAStep()
    {
        var chain = _ledger.Write();

        var lines = _ledger.Lines;
        Assert.Equal(1 + ALedger.StepCount, lines.Length);
        Assert.StartsWith("{\"version\":1,\"run_id\":\"tiny-1\",\"spec_sha256\":\"", lines[0]);
        // The last step of an epoch of ten has two examples; the shards have one each.
        Assert.StartsWith(
            "{\"step\":3,\"epoch\":1,\"batch\":{\"first\":8,\"count\":2},\"blocks\":["
            + "{\"first_shard\":0,\"device\":\"a/cpu:0\",\"shards\":[{\"first\":8,\"count\":1}]},"
            + "{\"first_shard\":1,\"device\":\"b/cpu:0\",\"shards\":[{\"first\":9,\"count\":1}]}],\"skipped\":false,\"chain\":\"",
            lines[3]);
        Assert.Contains($"\"weights_sha256\":\"{_ledger.FinalSha256}\"", lines[6]);
        Assert.EndsWith($"\"chain\":\"{chain}\"}}", lines[6]);
    }

    [Fact]
    public void Append_InPieces_AndByAnotherThatGoesOn_WritesTheSameFile()
    {
        _ledger.Write();
        var whole = _ledger.Lines;
        File.Delete(_ledger.Path);

        var first = _ledger.Open();
        Assert.Null(first.Append([.. _ledger.Records(1, 2)], 2));
        Assert.Null(first.Append([], 2));
        Assert.Null(first.Append([.. _ledger.Records(3, 3)], 3));
        Assert.Null(_ledger.Open().Append([.. _ledger.Records(4)], 6));

        Assert.Equal(whole, _ledger.Lines);
    }

    [Fact]
    public void Append_AfterAReplay_LeavesOutWhatIsThere()
    {
        var chain = _ledger.Write(_ledger.Records(1, 4));
        var before = _ledger.Lines;
        var log = _ledger.Open();

        Assert.Null(log.Append([.. _ledger.Records(1, 3)], 3));
        Assert.Equal((4, chain), (log.LastStep, log.Chain));
        Assert.Null(log.Append([.. _ledger.Records(4)], 6));

        Assert.Equal(before, _ledger.Lines[..5]);
        Assert.Equal(7, _ledger.Lines.Length);
    }

    [Fact]
    public void Append_OfAReplayWithOtherWeights_NamesTheStepAndBothHashes()
    {
        _ledger.Write();
        var other = _ledger.Records() is var records ? records[^1] with { WeightsSha256 = new string('0', 64) } : null!;

        var e = Assert.Throws<LedgerException>(() => _ledger.Open().Append([.. records[..5], other], 6));

        Assert.StartsWith($"Step 6 was computed again and gave weights with SHA-256 {new string('0', 64)}; line 7 of {_ledger.Path} says {_ledger.FinalSha256}.", e.Message);
    }

    [Fact]
    public void Append_OfAReplayThatSkipsAnotherStep_NamesIt()
    {
        _ledger.Write();
        StepRecord skipped = _ledger.Records(2, 2)[0] with { Skipped = true };

        var e = Assert.Throws<LedgerException>(() => _ledger.Open().Append([skipped], 6));

        Assert.StartsWith("Step 2 was computed again and was skipped; line 3 of ", e.Message);
    }

    [Fact]
    public void Append_WithAGap_WritesUpToIt_AndSaysWhatIsMissing_EachTime()
    {
        var log = _ledger.Open();

        var gap = log.Append([.. _ledger.Records(1, 2), .. _ledger.Records(5, 5)], 5);
        var again = log.Append([.. _ledger.Records(6)], 6);

        Assert.StartsWith("The records of steps 3 to 4 are lost, so the ledger ends at step 2.", gap);
        Assert.StartsWith("The records of steps 3 to 5 are lost", again);
        Assert.Equal(3, _ledger.Lines.Length);
    }

    [Fact]
    public void Append_WhenTheServerHasNoRecordOfItsLastSteps_SaysSo()
    {
        var log = _ledger.Open();

        Assert.StartsWith("The records of steps 4 to 5 are lost", log.Append([.. _ledger.Records(1, 3)], 5));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void Open_OfALineThatWasCutShort_TakesItAway(int cut)
    {
        _ledger.Write();
        var whole = _ledger.Lines;
        var bytes = File.ReadAllBytes(_ledger.Path);
        File.WriteAllBytes(_ledger.Path, bytes[..^cut]);

        var log = _ledger.Open();
        Assert.Equal(5, log.LastStep);
        Assert.Null(log.Append([.. _ledger.Records(6)], 6));

        Assert.Equal(whole, _ledger.Lines);
    }

    [Fact]
    public void Append_WhileAnotherActivationHasGoneOn_AddsNothingTwice()
    {
        var late = _ledger.Open();
        late.Append([.. _ledger.Records(1, 2)], 2);
        _ledger.Open().Append([.. _ledger.Records(3, 5)], 5);

        Assert.Null(late.Append([.. _ledger.Records(3)], 6));

        Assert.Equal(7, _ledger.Lines.Length);
        Assert.Empty(_ledger.Audit().Findings);
    }

    [Fact]
    public void Append_ToAFileThatSomebodyCut_SaysSo()
    {
        var log = _ledger.Open();
        log.Append([.. _ledger.Records(1, 4)], 4);
        _ledger.Lines = _ledger.Lines[..3];

        var e = Assert.Throws<LedgerException>(() => log.Append([.. _ledger.Records(5)], 6));

        Assert.Equal($"{_ledger.Path} ends at step 2; it held step 4 before. Another program truncated it during the run.", e.Message);
    }

    [Fact]
    public void Open_OfALedgerThatWasChanged_NamesTheLine()
    {
        _ledger.Write();
        _ledger.Lines = [.. _ledger.Lines.Select(line => line.Replace("\"step\":3", "\"step\":4", StringComparison.Ordinal))];

        var e = Assert.Throws<LedgerException>(_ledger.Open);

        Assert.StartsWith($"Line 4 of {_ledger.Path} was changed: its chain value does not match", e.Message);
    }

    [Fact]
    public void Open_OfTheLedgerOfAnotherSpec_SaysSo()
    {
        _ledger.Write();
        using var other = new ALedger("seed=2");

        var e = Assert.Throws<LedgerException>(() => LedgerLog.Open(_ledger.Path, other.Plan));

        Assert.StartsWith($"Line 1 of {_ledger.Path} describes another run, or other data.", e.Message);
    }

    [Theory]
    [InlineData("\"version\":2", "has format version 2")]
    [InlineData("\"format\":1", "states no format version")]
    public void Open_OfAnotherFormatVersion_SaysWhichIsRead(string stated, string found)
    {
        _ledger.Write();
        _ledger.Lines = [.. _ledger.Lines.Select(line => line.Replace("\"version\":1", stated, StringComparison.Ordinal))];
        _ledger.Reseal();

        var e = Assert.Throws<LedgerException>(_ledger.Open);

        Assert.Equal($"{_ledger.Path} {found}; this build reads version 1. Use the build that wrote the file, or submit the run again.", e.Message);
    }
}
