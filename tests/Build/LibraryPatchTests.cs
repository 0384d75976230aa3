using VaeCluster.TorchPatcher;

namespace VaeCluster.Build.Tests;

public sealed class LibraryPatchTests
{
    private const string Condition = "_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE";
    private const string Advice = "Build on Debian 13, Ubuntu 24.04 or newer, or take another TorchSharp with -p:TorchSharpVersion=...";

    [Fact]
    public void Apply_OnDebian12_ReplacesTheSymbolAndItsVersion_AndNothingElse()
    {
        var library = TorchLibraries.Real();

        var result = Apply(library);

        Assert.Equal(PatchOutcome.Patched, result.Outcome);
        Assert.Equal("libLibTorchSharp.so was patched to load without GLIBCXX_3.4.32.", result.Sentence);
        Assert.Equal(TorchLibraries.Real(), library);
        var (before, after) = (ElfLibrary.Read(library), ElfLibrary.Read(result.Library!));
        Assert.Equal(
            before.Symbols.Select(symbol => symbol.Name == "_ZSt21ios_base_library_initv" ? "_ZNSt8ios_base4InitC1Ev" : symbol.Name),
            after.Symbols.Select(symbol => symbol.Name));
        Assert.Equal(
            before.Needs.Select(need => need.Version == "GLIBCXX_3.4.32" ? "GLIBCXX_3.4" : need.Version),
            after.Needs.Select(need => need.Version));
        Assert.Equal(library.Length, result.Library!.Length);
        Assert.InRange(library.Zip(result.Library).Count(pair => pair.First != pair.Second), 1, 28 + 8);
    }

    [Fact]
    public void Apply_Hash_IsThatOfTheNameItGoesWith()
    {
        var patched = ElfLibrary.Read(TorchLibraries.Patched());

        Assert.All(patched.Needs, need => Assert.Equal(SysvHash(need.Version), need.Hash));
    }

    [Fact]
    public void Apply_WhereTheMachineIsNewEnough_LeavesTheLibrary()
    {
        var result = LibraryPatch.Apply(TorchLibraries.Real(), TorchLibraries.Name, TorchLibraries.Runtime(32));

        AssertIs(
            PatchOutcome.MachineIsNewEnough,
            "libLibTorchSharp.so needs no patch: this machine's libstdc++.so.6 has GLIBCXX_3.4.32.",
            result);
    }

    [Fact]
    public void Apply_Always_PatchesOnNewMachinesToo()
    {
        var result = LibraryPatch.Apply(TorchLibraries.Real(), TorchLibraries.Name, TorchLibraries.Runtime(33), always: true);

        Assert.Equal(PatchOutcome.Patched, result.Outcome);
        Assert.Equal(TorchLibraries.Patched(), result.Library);
    }

    [Fact]
    public void Apply_ToALibraryThatDoesNotAskForTheVersion_HasNothingToPatch() => AssertIs(
        PatchOutcome.NothingToPatch,
        "libLibTorchSharp.so needs no patch: it does not ask for GLIBCXX_3.4.32.",
        Apply(TorchLibraries.Asking("GLIBCXX_3.4.32", forVersion: "GLIBCXX_3.4.9")));

    [Fact]
    public void Apply_Twice_SaysSo() =>
        AssertIs(PatchOutcome.AlreadyPatched, "libLibTorchSharp.so is patched already.", Apply(TorchLibraries.Patched()));

    [Fact]
    public void Apply_WhereANewerVersionIsNeededToo_Refuses() =>
        AssertRefuses($"{Condition} needs GLIBCXX_3.4.35", TorchLibraries.Renaming("GLIBCXX_3.4.30", "GLIBCXX_3.4.35"));

    [Fact]
    public void Apply_OnAMachineBeforeGcc12_Refuses() => AssertIs(
        PatchOutcome.AnotherVersion,
        $"libLibTorchSharp.so cannot be made to load here: {Condition} needs GLIBCXX_3.4.30, "
        + $"and this machine's libstdc++.so.6 ends at GLIBCXX_3.4.29. {Advice}",
        LibraryPatch.Apply(TorchLibraries.Real(), TorchLibraries.Name, TorchLibraries.Runtime(29)));

    [Fact]
    public void Apply_WhereAnotherSymbolNeedsTheVersion_Refuses() => AssertRefuses(
        $"{Condition} needs GLIBCXX_3.4.32 too, and only _ZSt21ios_base_library_initv has a replacement",
        TorchLibraries.WithSymbolsOf("GLIBCXX_3.4.30"));

    [Fact]
    public void Apply_WhereNoSymbolNeedsTheVersion_Refuses() =>
        AssertRefuses("0 symbols need GLIBCXX_3.4.32, and one was expected", TorchLibraries.WithSymbolsOf(null));

    [Fact]
    public void Apply_WhereTheOldVersionIsNotNamed_Refuses() => AssertRefuses(
        "it has no entry GLIBCXX_3.4 that could be named instead",
        TorchLibraries.Asking("GLIBCXX_3.4", forVersion: "GLIBCXX_3.4.9"));

    [Fact]
    public void Apply_WhereAnotherNameSharesTheBytes_Refuses() => AssertRefuses(
        "the name '21ios_base_library_initv' shares bytes with _ZSt21ios_base_library_initv",
        TorchLibraries.SharingTheName());

    /// <summary>Every length of the headers and of the last section, and some two thousand between.</summary>
    [Fact]
    public void Apply_ToATruncatedFile_SaysThatItIsDamaged()
    {
        var library = TorchLibraries.Real();
        var lengths = Enumerable.Range(4, 1000)
            .Concat(Enumerable.Range(0, 2000).Select(part => (int)(library.Length * (long)part / 2000)).Where(length => length >= 4))
            .Concat(Enumerable.Range(1, 300).Select(missing => library.Length - missing));

        Assert.All(lengths, length =>
        {
            var result = Apply(library[..length]);

            Assert.Equal(PatchOutcome.Damaged, result.Outcome);
            Assert.Matches(
                $@"^libLibTorchSharp\.so is damaged: it ends at byte {length}, and refers to .*\. Delete its package .* restore again\.$",
                result.Sentence);
        });
    }

    [Fact]
    public void Apply_WithChangedBytes_AlwaysHasAnOutcome()
    {
        var random = new Random(1);
        var library = TorchLibraries.Real();
        var elf = ElfLibrary.Read(library);
        var versions = (int)elf.Needs.Min(need => need.HashPosition);
        var outcomes = new HashSet<PatchOutcome>();
        for (var i = 0; i < 1500; i++)
        {
            // The headers, the versions, or anywhere before the code.
            var position = (i % 3) switch { 0 => random.Next(700), 1 => versions + random.Next(512), _ => random.Next(0x50000) };
            var before = library[position];
            library[position] = (byte)random.Next(256);

            outcomes.Add(Apply(library).Outcome);

            library[position] = before;
        }
        PatchOutcome[] common = [PatchOutcome.Patched, PatchOutcome.Damaged, PatchOutcome.NotElf, PatchOutcome.AnotherVersion];
        Assert.Superset(common.ToHashSet(), outcomes);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("#!", "it does not start as an ELF file does")]
    [InlineData("INPUT(libtorch.so)", "it does not start as an ELF file does")]
    public void Apply_ToAnotherFile_SaysSo(string text, string found) => AssertIsNotElf(found, System.Text.Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData(4, 1, "class 1, data 1, type 3, machine 62")] // 32 bits
    [InlineData(5, 2, "class 2, data 2, type 3, machine 62")] // big-endian
    [InlineData(16, 2, "class 2, data 1, type 2, machine 62")] // a program
    [InlineData(18, 183, "class 2, data 1, type 3, machine 183")] // aarch64
    public void Apply_ToAnElfFileOfAnotherKind_SaysSo(int position, byte value, string found) =>
        AssertIsNotElf($"it is an ELF file of {found}", TorchLibraries.With(position, value));

    private static PatchResult Apply(byte[] library) => LibraryPatch.Apply(library, TorchLibraries.Name, TorchLibraries.Debian12);

    private static void AssertRefuses(string why, byte[] library) => AssertIs(
        PatchOutcome.AnotherVersion,
        $"libLibTorchSharp.so cannot be made to load here: {why}, and this machine's libstdc++.so.6 ends at GLIBCXX_3.4.30. {Advice}",
        Apply(library));

    private static void AssertIsNotElf(string found, byte[] file) => AssertIs(
        PatchOutcome.NotElf,
        $"libLibTorchSharp.so is not a 64-bit ELF library for x86-64: {found}. Delete its package from the NuGet cache and restore again.",
        Apply(file));

    private static void AssertIs(PatchOutcome outcome, string sentence, PatchResult result)
    {
        Assert.Equal((outcome, sentence), (result.Outcome, result.Sentence));
        Assert.Null(result.Library);
    }

    /// <summary>System V ABI, chapter 5, "Hash Table".</summary>
    private static uint SysvHash(string name)
    {
        var hash = 0u;
        foreach (var character in name)
        {
            hash = (hash << 4) + character;
            var high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }
        return hash;
    }
}
