using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Ledger;

namespace VaeCluster.Grains.Tests.Ledger;

public sealed class LedgerAuditorTests : IDisposable
{
    private readonly ALedger _ledger = new();

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public void Audit_OfAWholeLedger_FindsNothing_AndSaysWhatItProves()
    {
        var audit = _ledger.Audit(_ledger.Write());

        Assert.Empty(audit.Findings);
        Assert.True(audit.IsValid);
        Assert.Equal((6, 6, 2, 2, 10, 1), (audit.Steps, audit.StepCount, audit.EpochsProven, audit.EpochCount, audit.Examples, audit.HashedSteps));
        Assert.Equal([("a/cpu:0", 6), ("b/cpu:0", 6)], audit.ShardsByDevice.Select(share => (share.Key, share.Value)));
    }

    [Fact]
    public void Audit_OfARunThatGoesOn_TakesALineThatIsBeingWritten_AndProvesTheEpochsThatAreOver()
    {
        _ledger.Write(_ledger.Records(1, 4));
        File.AppendAllText(_ledger.Path, "{\"step\":5,\"epo");

        var audit = _ledger.Audit(phase: RunPhase.Running, applied: 4);

        Assert.Empty(audit.Findings);
        Assert.Equal((4, 1), (audit.Steps, audit.EpochsProven));
    }

    [Fact]
    public void Audit_OfAChangedByte_NamesTheLineAndBothChainValues()
    {
        var chain = _ledger.Write();
        var stated = LedgerText.Split(_ledger.Lines[2])!.Value.Chain;
        Change(3, "b/cpu:0", "c/cpu:0");

        var finding = Assert.Single(_ledger.Audit(chain).Findings);

        Assert.Equal((3, 2, "the chain value", stated), (finding.Line, finding.Step, finding.What, finding.Found));
        Assert.StartsWith("line 3, step 2: the chain value is ", finding.ToString());
    }

    [Fact]
    public void Audit_OfAChangedChainValue_NamesTheLine_AndTheNext()
    {
        var chain = _ledger.Write();
        var stated = LedgerText.Split(_ledger.Lines[2])!.Value.Chain;
        Change(3, stated, new string('0', 64));

        var findings = _ledger.Audit(chain).Findings;

        Assert.Equal([(3, 2), (4, 3)], findings.Select(finding => (finding.Line, finding.Step)));
        Assert.Equal((new string('0', 64), stated), (findings[0].Found, findings[0].Expected));
    }

    [Fact]
    public void Audit_OfARemovedLine_NamesTheStep_AndTheExamplesThatAreNotUsed()
    {
        var chain = _ledger.Write();
        _ledger.Lines = [.. _ledger.Lines.Where((_, index) => index != 2)];

        var texts = Texts(_ledger.Audit(chain));

        Assert.Contains("line 3, step 3: the step is 3, so that 1 are missing from step 2 on; expected 2.", texts);
        Assert.Contains(texts, text => text.StartsWith("line 3, step 3: the chain value is ", StringComparison.Ordinal));
        Assert.Contains(texts, text => text.StartsWith("epoch 1 is one that leaves 4 of 10 examples out, example ", StringComparison.Ordinal));
        Assert.Equal(3, texts.Length);
    }

    [Fact]
    public void Audit_OfARepeatedLine_NamesIt_AlsoWithANewChain()
    {
        _ledger.Write();
        var lines = _ledger.Lines;
        _ledger.Lines = [.. lines[..3], lines[2], .. lines[3..]];

        var texts = Texts(_ledger.Audit(_ledger.Reseal()));

        Assert.Equal("line 4, step 2: the step is 2, repeated or out of order; expected 3.", texts[0]);
        Assert.StartsWith("line 4, step 2: the use of the examples is 4 that epoch 1 has used already, example ", texts[1]);
        Assert.Equal(2, texts.Length);
    }

    [Fact]
    public void Audit_OfSwappedLines_NamesBoth_AlsoWithANewChain()
    {
        _ledger.Write();
        var lines = _ledger.Lines;
        (lines[2], lines[3]) = (lines[3], lines[2]);
        _ledger.Lines = lines;

        var texts = Texts(_ledger.Audit(_ledger.Reseal()));

        Assert.Equal(
        [
            "line 3, step 3: the step is 3, so that 1 are missing from step 2 on; expected 2.",
            "line 4, step 2: the step is 2, repeated or out of order; expected 4.",
        ], texts);
    }

    [Fact]
    public void Audit_OfAChangedRange_NamesIt_AlsoWithANewChain()
    {
        _ledger.Write();
        // Shard 1 of step 2 takes what shard 0 has already.
        Change(3, "\"shards\":[{\"first\":6,\"count\":2}]", "\"shards\":[{\"first\":4,\"count\":2}]");

        var texts = Texts(_ledger.Audit(_ledger.Reseal()));

        Assert.Equal("line 3, step 2: the range of shard 1 is positions 4 to 5; expected 6 to 7.", texts[0]);
        Assert.StartsWith("line 3, step 2: the use of the examples is 2 that epoch 1 has used already", texts[1]);
        Assert.StartsWith("epoch 1 is one that leaves 2 of 10 examples out", texts[2]);
        Assert.Equal(3, texts.Length);
    }

    [Theory]
    [InlineData("\"epoch\":1", "\"epoch\":2", "line 3, step 2: the epoch is 2; expected 1.")]
    [InlineData("\"batch\":{\"first\":4,\"count\":4}", "\"batch\":{\"first\":4,\"count\":3}", "line 3, step 2: the range of the batch is positions 4 to 6; expected 4 to 7.")]
    [InlineData("\"first_shard\":1", "\"first_shard\":0", "line 3, step 2: the next shard is 0; expected 1, so that each shard occurs once.")]
    [InlineData("b/cpu:0", "", "line 3, step 2: the device of shard 1 is empty; expected silo/device.")]
    [InlineData("\"skipped\":false", "\"skiped\":false", "line 3: the line is not readable")]
    [InlineData("\"count\":4", "\"count\":2147483647", "line 3, step 2: the range of the batch is positions 4 to 2147483650; expected 4 to 7.")]
    public void Audit_OfAChangedLineWithANewChain_SaysWhatIsWrong(string text, string other, string expected)
    {
        _ledger.Write();
        Change(3, text, other);

        Assert.StartsWith(expected, Texts(_ledger.Audit(_ledger.Reseal()))[0]);
    }

    [Fact]
    public void Audit_OfAChangedDeviceWithANewChain_IsFoundByTheRunsOwnChainValue_AndByNothingElse()
    {
        var chain = _ledger.Write();
        Change(3, "b/cpu:0", "c/cpu:0");
        var forged = _ledger.Reseal();

        var finding = Assert.Single(_ledger.Audit(chain).Findings);

        Assert.Equal($"the chain value of the last line is {forged}; expected {chain}, which the run ended with.", finding.ToString());
        // The limit of what can be found: somebody who changes the run's record too.
        Assert.Empty(_ledger.Audit(forged).Findings);
    }

    [Fact]
    public void Audit_OfACutTail_SaysWhereItEnds()
    {
        var chain = _ledger.Write();
        _ledger.Lines = _ledger.Lines[..5];

        var texts = Texts(_ledger.Audit(chain));

        Assert.Equal("the last step of the ledger is 4; expected 6, which the run has applied.", texts[0]);
        Assert.Equal($"the chain value of the last line is {LedgerText.Split(_ledger.Lines[^1])!.Value.Chain}; expected {chain}, which the run ended with.", texts[1]);
        Assert.Equal(2, texts.Length);
    }

    [Fact]
    public void Audit_OfACutTailOfARunThatGoesOn_SaysWhereItEnds()
    {
        _ledger.Write(_ledger.Records(1, 3));

        Assert.Equal(["the last step of the ledger is 3; expected 5, which the run has applied."], Texts(_ledger.Audit(phase: RunPhase.Running, applied: 5)));
    }

    [Fact]
    public void Audit_OfALineThatIsCutShort_NamesIt()
    {
        var chain = _ledger.Write();
        File.WriteAllBytes(_ledger.Path, File.ReadAllBytes(_ledger.Path)[..^20]);

        var texts = Texts(_ledger.Audit(chain));

        Assert.Equal("line 7: the end of the line is missing: the line is truncated; expected a complete line.", texts[0]);
        Assert.Contains("the last step of the ledger is 5; expected 6, which the run has applied.", texts);
    }

    [Fact]
    public void Audit_OfTheLedgerOfAnotherSeed_SaysWhatOfTheHeaderIsOther()
    {
        _ledger.Write();
        using var other = new ALedger("seed=2");

        var audit = _ledger.Audit(plan: other.Plan with { RunId = "other-1", Data = other.Plan.Data with { Sha256 = new string('e', 64) } });

        Assert.Equal(
            ["the run", "the spec's SHA-256", "the description of the data", "the initial weights' SHA-256"],
            audit.Findings.Select(finding => finding.What));
        Assert.All(audit.Findings, finding => Assert.Equal((1, 0), (finding.Line, finding.Step)));
    }

    [Theory]
    [InlineData("\"shards\":2", "\"shards\":4", "line 1: the number of shards is 4; expected 2.")]
    [InlineData("\"steps\":6", "\"steps\":5", "line 1: the number of steps is 5; expected 6.")]
    [InlineData("\"version\":1", "\"version\":2", "line 1: the version is 2; expected 1.")]
    public void Audit_OfAChangedHeaderWithANewChain_SaysWhatIsOther(string text, string other, string expected)
    {
        _ledger.Write();
        Change(1, text, other);

        Assert.Equal([expected], Texts(_ledger.Audit(_ledger.Reseal())));
    }

    [Fact]
    public void Audit_OfALedgerWithoutItsHeader_SaysSo()
    {
        _ledger.Write();
        _ledger.Lines = _ledger.Lines[1..];

        var texts = Texts(_ledger.Audit());

        Assert.Matches("^line 1: the line is not readable \\(.*\\); expected the description of the run\\.$", texts[0].ReplaceLineEndings(" "));
        Assert.Contains("line 2, step 2: the step is 2, so that 1 are missing from step 1 on; expected 1.", texts);
    }

    [Fact]
    public void Audit_OfOtherWeightsInTheFile_SaysSo()
    {
        var chain = _ledger.Write();
        var bytes = File.ReadAllBytes(_ledger.ModelPath);
        bytes[^1] ^= 1;
        File.WriteAllBytes(_ledger.ModelPath, bytes);

        var finding = Assert.Single(_ledger.Audit(chain).Findings);

        Assert.Equal(($"the weights' SHA-256 of {_ledger.ModelPath}", _ledger.FinalSha256), (finding.What, finding.Expected));
        Assert.Matches("^[0-9a-f]{64}$", finding.Found);
    }

    [Fact]
    public void Audit_OfOtherWeightsInACheckpoint_SaysSo_AndLeavesStepsWithoutAHashAlone()
    {
        var chain = _ledger.Write();
        foreach (var step in (string[])["3", "6"])
        {
            Directory.CreateDirectory(Path.Combine(_ledger.CheckpointsPath, step));
            File.Copy(_ledger.ModelPath, Path.Combine(_ledger.CheckpointsPath, step, "model.safetensors"));
        }
        Assert.Empty(_ledger.Audit(chain).Findings);
        var file = Path.Combine(_ledger.CheckpointsPath, "6", "model.safetensors");
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);

        var finding = Assert.Single(_ledger.Audit(chain).Findings);

        Assert.Equal((7, 6, $"the weights' SHA-256 of {file}", _ledger.FinalSha256), (finding.Line, finding.Step, finding.What, finding.Expected));
    }

    [Theory]
    [InlineData(null, "absent: the file does not exist")]
    [InlineData("short", "unknown (")]
    [InlineData("longer than eight bytes", "unknown (")]
    public void Audit_OfAWeightsFileThatIsNone_SaysSo(string? content, string found)
    {
        var chain = _ledger.Write();
        File.Delete(_ledger.ModelPath);
        if (content is not null)
            File.WriteAllText(_ledger.ModelPath, content);

        Assert.StartsWith(found, Assert.Single(_ledger.Audit(chain).Findings).Found);
    }

    [Fact]
    public void Audit_OfAChangedWeightsHash_SaysSo_AlsoWithANewChain()
    {
        _ledger.Write();
        var other = new string('0', 64);
        Change(7, _ledger.FinalSha256, other);

        Assert.Equal([$"line 7, step 6: the weights' SHA-256 is {other}; expected {_ledger.FinalSha256}."], Texts(_ledger.Audit(_ledger.Reseal())));
    }

    [Fact]
    public void Audit_OfALastLineWithoutAHash_SaysSo()
    {
        _ledger.Write([.. _ledger.Records(1, 5), _ledger.Records(6)[0] with { WeightsSha256 = "" }]);

        Assert.Equal(["line 7, step 6: the weights' SHA-256 is absent; expected 64 hexadecimal digits."], Texts(_ledger.Audit()));
    }

    [Fact]
    public void Audit_OfHashesAtEveryStep_FindsAMissingOne_AndASkippedStepThatChangesTheWeights()
    {
        using var ledger = new ALedger("ledger.hash=steps", "training.nonFinite=skip");
        var records = ledger.Records();
        for (var i = 0; i < 5; i++)
            records[i] = records[i] with { WeightsSha256 = new string((char)('0' + i), 64) };
        records[2] = records[2] with { Skipped = true, WeightsSha256 = records[1].WeightsSha256 };
        ledger.Write(records);
        Assert.Empty(ledger.Audit().Findings);
        File.Delete(ledger.Path);

        records[2] = records[2] with { WeightsSha256 = new string('9', 64) };
        records[4] = records[4] with { WeightsSha256 = "" };
        ledger.Write(records);

        Assert.Equal(
        [
            $"line 4, step 3: the weights' SHA-256 is {new string('9', 64)}; expected {new string('1', 64)}, that of the step before, because this one was skipped.",
            "line 6, step 5: the weights' SHA-256 is absent; expected 64 hexadecimal digits.",
        ], Texts(ledger.Audit()));
    }

    [Fact]
    public void Audit_OfAnAppendedStep_NamesIt_AlsoWithANewChain()
    {
        _ledger.Write();
        _ledger.Lines = [.. _ledger.Lines, _ledger.Lines[6].Replace("\"step\":6", "\"step\":7", StringComparison.Ordinal)];

        Assert.Equal(["line 8, step 7: the step is 7; expected one of 1 to 6, which the run takes."], Texts(_ledger.Audit(_ledger.Reseal())));
    }

    [Fact]
    public void Audit_OfNoLedger_SaysSo()
    {
        Assert.Equal([$"{_ledger.Path} is absent; expected the ledger of 6 steps."], Texts(_ledger.Audit()));
        Assert.Empty(_ledger.Audit(phase: RunPhase.Pending, applied: 0).Findings);
    }

    [Fact]
    public void Audit_OfAFileThatIsSomethingElse_KeepsTheFirstHundredFindings_AndCountsTheRest()
    {
        _ledger.Lines = [.. Enumerable.Repeat("lorem ipsum", 150)];

        var audit = _ledger.Audit();

        Assert.Equal("line 1: the end of the line is 'lorem ipsum'; expected a chain value of 64 lower-case hexadecimal digits.", $"{audit.Findings[0]}");
        Assert.Equal((100, 51), (audit.Findings.Length, audit.FindingsLeftOut));
    }

    private void Change(int line, string text, string other)
    {
        var lines = _ledger.Lines;
        Assert.Contains(text, lines[line - 1], StringComparison.Ordinal);
        lines[line - 1] = lines[line - 1].Replace(text, other, StringComparison.Ordinal);
        _ledger.Lines = lines;
    }

    private static string[] Texts(LedgerAudit audit) => [.. audit.Findings.Select(finding => finding.ToString())];
}
