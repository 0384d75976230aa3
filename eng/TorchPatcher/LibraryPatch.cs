using System.Buffers.Binary;
using System.Text;

namespace VaeCluster.TorchPatcher;

/// <summary>
/// Lets a library that GCC 13 or later built load with the libstdc++ of GCC 12, if one symbol is all that keeps it from that.
/// <para>
/// Since GCC 13 code that uses iostreams calls <c>std::ios_base_library_init()</c>, which is new in GLIBCXX_3.4.32, to have the
/// standard streams initialised. Before, it constructed a <c>std::ios_base::Init</c> for that, and every libstdc++ still has this
/// constructor. It ignores its argument. So the symbol gets the constructor's name, and its version the name of the first one:
/// GLIBCXX_3.4. The result loads with newer runtimes too.
/// </para>
/// </summary>
internal static class LibraryPatch
{
    internal const string Runtime = "libstdc++.so.6";
    internal const string NewVersion = "GLIBCXX_3.4.32";
    internal const string NewSymbol = "_ZSt21ios_base_library_initv";
    internal const string OldVersion = "GLIBCXX_3.4";
    internal const string OldSymbol = "_ZNSt8ios_base4InitC1Ev";

    /// <summary>Decides about a library and patches a copy of it; no file is touched.</summary>
    /// <param name="library">The bytes of the library, which stay as they are.</param>
    /// <param name="name">Its name, for people.</param>
    /// <param name="machine">The versions that this machine's libstdc++ has, e.g. <c>GLIBCXX_3.4.30</c> and <c>CXXABI_1.3</c>.</param>
    /// <param name="always">Whether to patch even if the machine needs no patch, for a library that is to run elsewhere.</param>
    public static PatchResult Apply(byte[] library, string name, IReadOnlySet<string> machine, bool always = false)
    {
        try
        {
            return Decide(library, ElfLibrary.Read(library), name, machine, always);
        }
        catch (ElfFormatException e) when (e.IsElf)
        {
            return new(PatchOutcome.Damaged, $"{name} is damaged: {e.Message}. Delete its package from the NuGet cache and restore again.");
        }
        catch (ElfFormatException e)
        {
            return new(
                PatchOutcome.NotElf,
                $"{name} is not a 64-bit ELF library for x86-64: {e.Message}. Delete its package from the NuGet cache and restore again.");
        }
    }

    private static PatchResult Decide(byte[] library, ElfLibrary elf, string name, IReadOnlySet<string> machine, bool always)
    {
        var needs = elf.Needs.Where(need => need.Library == Runtime).ToList();
        var missing = needs.Where(need => !machine.Contains(need.Version)).ToList();
        var patchable = needs.Find(need => need.Version == NewVersion);
        if (missing.Find(need => need != patchable) is { } other)
            return Refuse(name, $"{Users(elf, other)} needs {other.Version}", machine);
        if (patchable is null)
            return IsPatched(elf, needs)
                ? new(PatchOutcome.AlreadyPatched, $"{name} is patched already.")
                : new(PatchOutcome.NothingToPatch, $"{name} needs no patch: it does not ask for {NewVersion}.");
        if (missing.Count == 0 && !always)
            return new(PatchOutcome.MachineIsNewEnough, $"{name} needs no patch: this machine's {Runtime} has {NewVersion}.");
        if (Obstacle(elf, needs, patchable) is { } obstacle)
            return Refuse(name, obstacle, machine);
        var replacement = needs.Find(need => need.Version == OldVersion)!;
        return new(PatchOutcome.Patched, $"{name} was patched to load without {NewVersion}.", Patch(library, elf, patchable, replacement));
    }

    /// <summary>Why the patch would change more than it means to; null if it does not.</summary>
    private static string? Obstacle(ElfLibrary elf, List<ElfVersionNeed> needs, ElfVersionNeed patchable)
    {
        var users = UsersOf(elf, patchable);
        if (users.Find(symbol => symbol.Name != NewSymbol) is { } user)
            return $"{user.Name} needs {NewVersion} too, and only {NewSymbol} has a replacement";
        if (users.Count != 1)
            return $"{users.Count} symbols need {NewVersion}, and one was expected";
        if (!needs.Exists(need => need.Version == OldVersion))
            return $"it has no entry {OldVersion} that could be named instead";
        var patched = users[0].NameOffset;
        var names = elf.NamesOutsideSymbols().Concat(elf.Symbols.Where(symbol => symbol != users[0]).Select(symbol => symbol.NameOffset));
        return names.Where(offset => Overlaps(elf, offset, patched)).Select(uint? (offset) => offset).FirstOrDefault() is { } shared
            ? $"the name '{elf.Text(shared)}' shares bytes with {NewSymbol}"
            : null;
    }

    private static bool Overlaps(ElfLibrary elf, uint nameOffset, uint patchedOffset) =>
        nameOffset <= patchedOffset + NewSymbol.Length && patchedOffset <= nameOffset + (long)elf.Text(nameOffset).Length;

    private static bool IsPatched(ElfLibrary elf, List<ElfVersionNeed> needs) => needs.Count(need => need.Version == OldVersion) > 1
        && elf.Symbols.Any(symbol => !symbol.IsDefined && symbol.Name == OldSymbol);

    private static byte[] Patch(byte[] library, ElfLibrary elf, ElfVersionNeed from, ElfVersionNeed to)
    {
        var patched = (byte[])library.Clone();
        BinaryPrimitives.WriteUInt32LittleEndian(patched.AsSpan((int)from.HashPosition), to.Hash);
        BinaryPrimitives.WriteUInt32LittleEndian(patched.AsSpan((int)from.NamePosition), to.NameOffset);
        var name = patched.AsSpan((int)(elf.StringsPosition + UsersOf(elf, from)[0].NameOffset), NewSymbol.Length);
        name.Clear();
        Encoding.Latin1.GetBytes(OldSymbol, name);
        return patched;
    }

    private static List<ElfSymbol> UsersOf(ElfLibrary elf, ElfVersionNeed need) =>
        [.. elf.Symbols.Where(symbol => !symbol.IsDefined && symbol.Version == need.Index)];

    private static string Users(ElfLibrary elf, ElfVersionNeed need) => UsersOf(elf, need) is [var user, ..] ? user.Name : "it";

    private static PatchResult Refuse(string name, string why, IReadOnlySet<string> machine) => new(
        PatchOutcome.AnotherVersion,
        $"{name} cannot be made to load here: {why}, and this machine's {Runtime} ends at {Newest(machine)}. "
        + "Build on Debian 13, Ubuntu 24.04 or newer, or take another TorchSharp with -p:TorchSharpVersion=...");

    private static string Newest(IReadOnlySet<string> machine)
    {
        const string prefix = "GLIBCXX_";
        var numbers = machine.Where(version => version.StartsWith(prefix, StringComparison.Ordinal))
            .Select(version => Version.TryParse(version[prefix.Length..], out var number) ? number : null);
        return $"{prefix}{numbers.Max()}";
    }
}
