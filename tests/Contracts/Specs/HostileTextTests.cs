using System.Diagnostics;

namespace VaeCluster.Tests.Contracts.Specs;

/// <summary>Specs come over the network: none may cost much, overflow the stack, or end in anything but errors.</summary>
public sealed class HostileTextTests
{
    [Fact]
    public void Read_TenMegabytes_IsRefusedByItsLength() =>
        Assert.Equal(
            "The spec has 10000000 characters; at most 65536 are read. Check the file name: a spec is a page or two.",
            Reading.Error(new string('#', 10_000_000)));

    [Fact]
    public void Read_Alias_IsRefused() =>
        Assert.Equal("line 2: The spec uses the alias *a; aliases are not read. Write the value out.", Reading.Error("data: &a { test: 1 }\nmodel: *a"));

    [Fact]
    public void Read_MappingThatHoldsItself_IsRefused() =>
        Assert.StartsWith("line 1: The spec uses the alias *a;", Reading.Error("data: &a { data: *a }"), StringComparison.Ordinal);

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Read_DeepNesting_IsRefused(char bracket) =>
        Assert.StartsWith("line 1: The spec nests deeper than 16 levels.", Reading.Error("a: " + new string(bracket, 60_000)), StringComparison.Ordinal);

    [Fact]
    public void Read_LongKey_IsRefused() =>
        Assert.StartsWith("line 1: A key is not a name of 1 to 64 characters.", Reading.Error(new string('k', 65) + ": 1"), StringComparison.Ordinal);

    [Fact]
    public void Read_LongValue_IsShortenedInTheMessage() =>
        Assert.Equal(
            $"line 1: training.batch is {new string('9', 60)}...; it must be between 1 and 65536. Set it to a whole number such as 1.",
            Reading.Error($"training: {{ batch: {new string('9', 500)} }}"));

    [Fact]
    public void Read_ControlCharacters_DoNotReachTheMessage() =>
        Assert.StartsWith("line 1: training.batch is a  b;", Reading.Error("training: { batch: \"a\\n\\eb\" }"), StringComparison.Ordinal);

    /// <summary>Found by the fuzzer: keys came as they are.</summary>
    [Fact]
    public void Read_ControlCharactersInKeysAndOverrides_DoNotReachTheMessage()
    {
        Assert.StartsWith("line 1: \\x1B[2Jname is not a field of the spec.", Reading.Error("\"\\e[2Jname\": 1"), StringComparison.Ordinal);
        Assert.StartsWith("a\\x0Ab is not a field of the spec.", Reading.Error("", "a\nb=1"), StringComparison.Ordinal);
        Assert.StartsWith("line 1: training.batch is \\u202E1;", Reading.Error("training: { batch: \"\u202E1\" }"), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HundredsOfErrors_StopsAtFifty()
    {
        var errors = Reading.Errors(string.Concat(Enumerable.Range(0, 400).Select(i => $"field{i}: 1\n")));

        Assert.Equal(51, errors.Length);
        Assert.StartsWith("line 50: field49 is not a field", errors[49], StringComparison.Ordinal);
        Assert.Equal("The spec has more errors than these 50. Correct these first.", errors[50]);
    }

    [Fact]
    public void Read_ThousandsOfKeys_IsRefused() =>
        Assert.Equal(
            "line 501: The spec has more than 500 keys. Check the file name: a spec has a few dozen fields.",
            Reading.Error(string.Concat(Enumerable.Range(0, 5_000).Select(i => $"field{i}: 1\n"))));

    [Fact]
    public void Read_LongOverride_IsRefusedAndShortened()
    {
        Assert.Equal(
            $"The override '{new string('x', 60)}...' has no field before a '='; it must read path=value. Write it like training.epochs=5.",
            Reading.Error("", new string('x', 1_000) + "=1"));
        Assert.Equal(
            "An override has 1000002 characters; at most 8192 are read. Write it like training.epochs=5.",
            Reading.Error("", new string('x', 1_000_000) + "=1"));
    }

    /// <summary>20,000 of them took ten seconds of a core.</summary>
    [Fact]
    public void Read_ThousandsOfOverrides_ReadsTwoHundred_AndRefusesTheRest()
    {
        var start = Stopwatch.GetTimestamp();

        var errors = Reading.Errors("", [.. Enumerable.Range(0, 20_000).Select(i => $"training.field{i}={{ a: {i} }}")]);

        Assert.Equal("There are 20000 overrides; at most 200 are read. Write the fields into the spec.", errors[0]);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Read_LongPath_IsRefused() =>
        Assert.Contains(
            "it must be a path of up to 4096 characters",
            Reading.Error($"data: {{ source: idx, path: {new string('p', 4097)} }}"),
            StringComparison.Ordinal);

    [Fact]
    public void Read_OverrideThatHoldsItself_IsAPlainValue() =>
        Assert.StartsWith("training is &a {training: *a}; it must be a mapping of fields.", Reading.Error("", "training=&a {training: *a}"), StringComparison.Ordinal);
}
