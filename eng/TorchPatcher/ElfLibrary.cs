namespace VaeCluster.TorchPatcher;

/// <summary>
/// A 64-bit ELF library for x86-64, read as the dynamic loader reads it: from the dynamic section, not from section names.
/// Source: System V ABI, chapter 5; Linux Standard Base, "Symbol Versioning".
/// </summary>
internal sealed class ElfLibrary
{
    private const int HeaderBytes = 64;
    private const int ProgramHeaderBytes = 56;
    private const int SymbolBytes = 24;
    private const uint Load = 1;
    private const uint Dynamic = 2;

    private readonly ElfBytes _bytes;
    private readonly List<Segment> _segments = [];
    private readonly List<(long Tag, long Value)> _dynamic = [];
    private readonly long _stringsSize;

    private ElfLibrary(byte[] file)
    {
        _bytes = new ElfBytes(file);
        CheckHeader(file);
        ReadSegments();
        (StringsPosition, _stringsSize) = (Position(Single(DynamicTag.StringTable)), Single(DynamicTag.StringTableSize));
        _bytes.Span(StringsPosition, _stringsSize);
        (Needs, Definitions, Symbols) = ([.. ReadNeeds()], [.. ReadDefinitions()], [.. ReadSymbols()]);
    }

    /// <summary>Where .dynstr starts in the file.</summary>
    public long StringsPosition { get; }

    /// <summary>The versions that it asks other libraries for.</summary>
    public IReadOnlyList<ElfVersionNeed> Needs { get; }

    /// <summary>The versions that it has itself, with the offset of their names in .dynstr.</summary>
    public IReadOnlyList<(string Version, uint NameOffset)> Definitions { get; }

    /// <summary>Its dynamic symbols.</summary>
    public IReadOnlyList<ElfSymbol> Symbols { get; }

    /// <summary>Reads a file; does not keep or change it.</summary>
    /// <exception cref="ElfFormatException">It is something else, or cut, or not well-formed.</exception>
    public static ElfLibrary Read(byte[] file) => new(file);

    /// <summary>Every place in .dynstr that something in the file points to, apart from the symbols' names.</summary>
    public IEnumerable<uint> NamesOutsideSymbols() =>
        _dynamic.Where(entry => DynamicTag.Names.Contains(entry.Tag)).Select(entry => NameOffset(entry.Value))
            .Concat(Needs.Select(need => need.NameOffset))
            .Concat(Definitions.Select(definition => definition.NameOffset));

    /// <summary>The string at an offset of .dynstr.</summary>
    public string Text(long nameOffset) => _bytes.Text(StringsPosition + nameOffset, StringsPosition + _stringsSize);

    private void CheckHeader(byte[] file)
    {
        if (file.Length < 4 || !file.AsSpan(0, 4).SequenceEqual("\u007fELF"u8))
            throw new ElfFormatException(file.Length == 0 ? "it is empty" : "it does not start as an ELF file does", isElf: false);
        _bytes.Span(0, HeaderBytes);
        const byte bits64 = 2, littleEndian = 1;
        const ushort sharedObject = 3, x8664 = 62;
        if (file[4] != bits64 || file[5] != littleEndian || _bytes.U16(16) != sharedObject || _bytes.U16(18) != x8664)
        {
            throw new ElfFormatException(
                $"it is an ELF file of class {file[4]}, data {file[5]}, type {_bytes.U16(16)}, machine {_bytes.U16(18)}",
                isElf: false);
        }
        // The table of sections is the last thing in a file that no tool has rearranged, so a truncated file lacks some of it.
        _bytes.Span(_bytes.U64(40), (long)_bytes.U16(58) * _bytes.U16(60));
    }

    private void ReadSegments()
    {
        var (table, size, count) = (_bytes.U64(32), _bytes.U16(54), _bytes.U16(56));
        if (size != ProgramHeaderBytes)
            throw new ElfFormatException($"its program headers have {size} bytes instead of {ProgramHeaderBytes}");
        for (var i = 0; i < count; i++)
        {
            var header = table + ((long)i * size);
            var segment = new Segment(_bytes.U32(header), _bytes.U64(header + 8), _bytes.U64(header + 16), _bytes.U64(header + 32));
            if (segment.Type is not (Load or Dynamic))
                continue;
            _bytes.Span(segment.Offset, segment.Size);
            if (segment.Type == Load)
                _segments.Add(segment);
            else
                ReadDynamic(segment);
        }
    }

    private void ReadDynamic(Segment segment)
    {
        for (var entry = segment.Offset; entry < segment.Offset + segment.Size; entry += 16)
        {
            // The loader takes tags as signed numbers; all that matter here are positive.
            if (System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(_bytes.Span(entry, 8)) is var tag && tag == 0)
                return;
            if (DynamicTag.IsRead(tag))
                _dynamic.Add((tag, _bytes.U64(entry + 8)));
        }
    }

    private IEnumerable<ElfVersionNeed> ReadNeeds()
    {
        if (Find(DynamicTag.VersionNeeds) is not { } address)
            yield break;
        var library = Position(address);
        for (var left = Single(DynamicTag.VersionNeedsCount); left > 0; left--)
        {
            var name = Text(_bytes.U32(library + 4));
            var version = library + _bytes.U32(library + 8);
            for (var versions = _bytes.U16(library + 2); versions > 0; versions--)
            {
                var nameOffset = _bytes.U32(version + 8);
                yield return new(name, Text(nameOffset), _bytes.U16(version + 6), _bytes.U32(version), nameOffset, version, version + 8);
                version += Next(_bytes.U32(version + 12), versions);
            }
            library += Next(_bytes.U32(library + 12), left);
        }
    }

    private IEnumerable<(string Version, uint NameOffset)> ReadDefinitions()
    {
        if (Find(DynamicTag.VersionDefinitions) is not { } address)
            yield break;
        var definition = Position(address);
        for (var left = Single(DynamicTag.VersionDefinitionsCount); left > 0; left--)
        {
            // The first name is the version's own; those after it are its predecessors'.
            var nameOffset = _bytes.U32(definition + _bytes.U32(definition + 12));
            yield return (Text(nameOffset), nameOffset);
            definition += Next(_bytes.U32(definition + 16), left);
        }
    }

    private IEnumerable<ElfSymbol> ReadSymbols()
    {
        var symbols = Position(Single(DynamicTag.SymbolTable));
        long? versions = Find(DynamicTag.SymbolVersions) is { } address ? Position(address) : null;
        var count = CountSymbols();
        for (long i = 0; i < count; i++)
        {
            var symbol = symbols + (i * SymbolBytes);
            var nameOffset = _bytes.U32(symbol);
            const int hidden = 0x8000;
            var version = versions is { } table ? _bytes.U16(table + (2 * i)) & ~hidden : 0;
            yield return new(Text(nameOffset), nameOffset, _bytes.U16(symbol + 6) != 0, version);
        }
    }

    /// <summary>The dynamic section does not say how many symbols there are; the hash tables know the last one.</summary>
    private long CountSymbols()
    {
        if (Find(DynamicTag.Hash) is { } sysv)
            return _bytes.U32(Position(sysv) + 4);
        var table = Position(Single(DynamicTag.GnuHash));
        var (bucketCount, firstHashed, bloomWords) = (_bytes.U32(table), _bytes.U32(table + 4), _bytes.U32(table + 8));
        var buckets = table + 16 + (8L * bloomWords);
        var chains = buckets + (4L * bucketCount);
        var last = 0u;
        for (var i = 0L; i < bucketCount; i++)
            last = Math.Max(last, _bytes.U32(buckets + (4 * i)));
        if (last < firstHashed)
            return firstHashed;
        // The lowest bit marks the end of a chain.
        while ((_bytes.U32(chains + (4L * (last - firstHashed))) & 1) == 0)
            last++;
        return last + 1L;
    }

    private static uint NameOffset(long value) =>
        value <= uint.MaxValue ? (uint)value : throw new ElfFormatException($"a name at offset {value} of its strings is out of range");

    /// <summary>The distance to the next entry of a list. It is never 0 before the last entry, or a damaged list would not end.</summary>
    /// <param name="distance">What the entry says.</param>
    /// <param name="left">How many entries are left, with this one.</param>
    private static uint Next(uint distance, long left) => distance > 0 || left == 1
        ? distance
        : throw new ElfFormatException($"a list of versions ends {left - 1} entries early");

    private long? Find(long tag) => _dynamic.Where(entry => entry.Tag == tag).Select(entry => (long?)entry.Value).FirstOrDefault();

    private long Single(long tag) => Find(tag) ?? throw new ElfFormatException($"its dynamic section has no entry {tag:x}");

    /// <summary>Where an address of the loaded library lies in the file.</summary>
    private long Position(long address)
    {
        foreach (var segment in _segments)
        {
            if (address >= segment.Address && address - segment.Address < segment.Size)
                return segment.Offset + (address - segment.Address);
        }
        throw new ElfFormatException($"the address {address:x} lies in none of its segments");
    }

    private sealed record Segment(uint Type, long Offset, long Address, long Size);
}
