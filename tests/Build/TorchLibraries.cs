using System.Buffers.Binary;
using System.Reflection;
using System.Text;
using VaeCluster.TorchPatcher;

namespace VaeCluster.Build.Tests;

/// <summary>TorchSharp's library as its package has it, and variants of it in memory.</summary>
internal static class TorchLibraries
{
    public const string Name = "libLibTorchSharp.so";

    /// <summary>The library in the package.</summary>
    public static string RealPath { get; } = Metadata("TorchSharpLibrary");

    /// <summary>The folder with libtorch, which the library needs.</summary>
    public static string LibTorchFolder { get; } = Metadata("LibTorchFolder");

    /// <summary>Where the build puts the patched copy, on machines that need one.</summary>
    public static string PatchedPath { get; } = Metadata("PatchedTorchSharp");

    /// <summary>The versions of Debian 12's libstdc++, which is GCC 12's.</summary>
    public static IReadOnlySet<string> Debian12 { get; } = Runtime(30);

    /// <summary>The versions that libstdc++ has when its newest is GLIBCXX_3.4.<paramref name="newest"/>.</summary>
    public static IReadOnlySet<string> Runtime(int newest) => Enumerable.Range(1, newest).Select(number => $"GLIBCXX_3.4.{number}")
        .Concat(Enumerable.Range(1, 13).Select(number => $"CXXABI_1.3.{number}"))
        .Append("GLIBCXX_3.4").Append("CXXABI_1.3")
        .ToHashSet();

    public static byte[] Real() => File.ReadAllBytes(RealPath);

    public static byte[] Patched() => LibraryPatch.Apply(Real(), Name, Debian12).Library!;

    /// <summary>The library, asking for another version where it asks for <paramref name="version"/>.</summary>
    public static byte[] Asking(string version, string forVersion)
    {
        var (library, elf) = Read();
        Write(library, Need(elf, version).NamePosition, Need(elf, forVersion).NameOffset);
        Write(library, Need(elf, version).HashPosition, Need(elf, forVersion).Hash);
        return library;
    }

    /// <summary>The library, where a version has another name of the same length.</summary>
    public static byte[] Renaming(string version, string name)
    {
        var (library, elf) = Read();
        Assert.Equal(version.Length, name.Length);
        Encoding.Latin1.GetBytes(name, library.AsSpan((int)(elf.StringsPosition + Need(elf, version).NameOffset)));
        return library;
    }

    /// <summary>The library, where the symbols of one version need GLIBCXX_3.4.32 and those that did need none.</summary>
    public static byte[] WithSymbolsOf(string? version)
    {
        var (library, elf) = Read();
        const ushort unused = 200;
        var index = version is null ? unused : (ushort)Need(elf, version).Index;
        // The index lies behind the hash and the flags of the entry.
        BinaryPrimitives.WriteUInt16LittleEndian(library.AsSpan((int)Need(elf, LibraryPatch.NewVersion).HashPosition + 6), index);
        return library;
    }

    /// <summary>The library, where the name of another version lies within the name of the symbol that the patch replaces.</summary>
    public static byte[] SharingTheName()
    {
        var (library, elf) = Read();
        var symbol = elf.Symbols.Single(symbol => symbol.Name == LibraryPatch.NewSymbol);
        Write(library, Need(elf, "GLIBC_2.3").NamePosition, symbol.NameOffset + 4);
        return library;
    }

    /// <summary>The library with one byte changed.</summary>
    public static byte[] With(int position, byte value)
    {
        var library = Real();
        library[position] = value;
        return library;
    }

    private static (byte[] Library, ElfLibrary Elf) Read()
    {
        var library = Real();
        return (library, ElfLibrary.Read(library));
    }

    private static ElfVersionNeed Need(ElfLibrary elf, string version) => elf.Needs.First(need => need.Version == version);

    private static void Write(byte[] library, long position, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(library.AsSpan((int)position), value);

    private static string Metadata(string key) =>
        typeof(TorchLibraries).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
