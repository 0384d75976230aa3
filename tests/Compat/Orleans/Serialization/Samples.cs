using System.Collections.Immutable;

namespace VaeCluster.Tests.OrleansCompat.Serialization;

public enum Shade : short
{
    Dark = -3,
    Light = 400,
}

[GenerateSerializer]
public sealed record Point([property: Id(0)] double X, [property: Id(1)] double Y);

/// <summary>Numbered by place.</summary>
[GenerateSerializer]
public sealed record Placed(int First, string? Second, int[]? Third = null)
{
    [Id(0)]
    public string? Beside { get; init; }
}

[GenerateSerializer]
public readonly record struct Span2([property: Id(0)] int From, [property: Id(1)] int To);

[GenerateSerializer]
public abstract class Shape
{
    [Id(0)]
    public string Name { get; init; } = "";
}

[GenerateSerializer]
public class Circle : Shape
{
    [Id(0)]
    public double Radius { get; init; }
}

[GenerateSerializer, Alias("ring")]
public sealed class Ring : Circle
{
    [Id(0)]
    private readonly double _hole;

    public Ring(double hole) => _hole = hole;

    public double Hole => _hole;
}

[GenerateSerializer]
public sealed class Tree
{
    [Id(0)]
    public int Value { get; set; }

    [Id(1)]
    public List<Tree> Children { get; set; } = [];

    [Id(2)]
    public Tree? Parent { get; set; }
}

[GenerateSerializer]
public sealed class Link
{
    [Id(0)]
    public Link? Next { get; set; }
}

[GenerateSerializer]
public sealed class Everything
{
    [Id(0)] public bool Flag { get; set; }

    [Id(1)] public byte Byte { get; set; }

    [Id(2)] public sbyte SByte { get; set; }

    [Id(3)] public long ALong { get; set; }

    [Id(4)] public ulong AULong { get; set; }

    [Id(5)] public float AFloat { get; set; }

    [Id(6)] public double? ADouble { get; set; }

    [Id(7)] public decimal ADecimal { get; set; }

    [Id(8)] public Half Half { get; set; }

    [Id(9)] public char AChar { get; set; }

    [Id(10)] public string? Text { get; set; }

    [Id(11)] public Guid AGuid { get; set; }

    [Id(12)] public DateTime Time { get; set; }

    [Id(13)] public DateTimeOffset Offset { get; set; }

    [Id(14)] public TimeSpan Span { get; set; }

    [Id(15)] public Uri? Uri { get; set; }

    [Id(16)] public Shade? Shade { get; set; }

    [Id(17)] public byte[]? Bytes { get; set; }

    [Id(18)] public ReadOnlyMemory<byte> Memory { get; set; }

    [Id(19)] public float[]? Floats { get; set; }

    [Id(20)] public Point[]? Points { get; set; }

    [Id(21)] public Dictionary<string, List<int>>? Map { get; set; }

    [Id(22)] public HashSet<Guid>? Set { get; set; }

    [Id(23)] public ImmutableArray<Point> Fixed { get; set; } = [];

    [Id(24)] public (int Number, string Text) Pair { get; set; }

    [Id(25)] public Tuple<int, Point?>? Boxed { get; set; }

    [Id(26)] public IReadOnlyList<int>? List { get; set; }

    [Id(27)] public object? Anything { get; set; }

    [Id(28)] public Int128 Wide { get; set; }

    [Id(29)] public DateOnly Day { get; set; }

    [Id(30)] public Version? Version { get; set; }

    [Id(100_000)] public int Far { get; set; }
}

[GenerateSerializer]
public sealed class Skipping
{
    [Id(0)]
    public int Kept { get; set; }

    [field: NonSerialized]
    public int Left { get; set; } = 5;

    public int Computed => Kept * 2;
}

[GenerateSerializer(GenerateFieldIds = GenerateFieldIds.PublicProperties)]
public sealed class Named
{
    public int Alpha { get; set; }

    public string? Beta { get; set; }
}

/// <summary>The first version of a message, and the second, which has lost and won members.</summary>
[GenerateSerializer]
public sealed class VersionOne
{
    [Id(0)] public int Same { get; set; }

    [Id(1)] public Tree? Lost { get; set; }

    [Id(2)] public double LostNumber { get; set; }

    [Id(3)] public byte[]? LostBytes { get; set; }

    [Id(4)] public string? AlsoSame { get; set; }
}

[GenerateSerializer]
public sealed class VersionTwo
{
    [Id(0)] public long Same { get; set; }

    [Id(4)] public string? AlsoSame { get; set; }

    [Id(5)] public string Won { get; set; } = "by default";
}

[GenerateSerializer, Immutable]
public sealed record Payload([property: Id(0)] byte[] Bytes);

[GenerateSerializer]
public sealed record OpenPayload([property: Id(0)] byte[] Bytes, [property: Id(1), Immutable] byte[] Sealed);
