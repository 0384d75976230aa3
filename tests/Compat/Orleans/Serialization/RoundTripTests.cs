using Orleans.Concurrency;
using Orleans.Serialization.Wire;

namespace VaeCluster.Tests.OrleansCompat.Serialization;

public sealed class RoundTripTests
{
    [Fact]
    public void Everything_ComesBackEqual()
    {
        var value = Full();

        foreach (var copy in new[] { RoundTrip.Of(value), RoundTrip.Copy(value) })
        {
            Assert.NotSame(value, copy);
            Assert.Equivalent(value, copy, strict: true);
            Assert.Equal(value.Memory.ToArray(), copy.Memory.ToArray());
            Assert.Equal(value.Time.Kind, copy.Time.Kind);
            Assert.Equal(value.Offset.Offset, copy.Offset.Offset);
        }
    }

    [Fact]
    public void Defaults_ComeBackAsDefaults()
    {
        var copy = RoundTrip.Of(new Everything());

        Assert.Equivalent(new Everything(), copy, strict: true);
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(int.MaxValue)]
    public void Integers_ComeBackEqual(int value)
    {
        Assert.Equal(value, RoundTrip.Of(value));
        Assert.Equal(value * 3L, RoundTrip.Of(value * 3L));
        Assert.Equal((uint)value, RoundTrip.Of((uint)value));
    }

    [Fact]
    public void Records_ByPlaceAndById_ComeBackEqual()
    {
        var placed = RoundTrip.Of(new Placed(7, "second", [1, 2]) { Beside = "beside" });

        Assert.Equal((7, "second", "beside"), (placed.First, placed.Second, placed.Beside));
        Assert.Equal([1, 2], placed.Third!);
        Assert.Equal(new Span2(3, -4), RoundTrip.Of(new Span2(3, -4)));
        Assert.Equal(new Point(1.5, double.NaN), RoundTrip.Of(new Point(1.5, double.NaN)));
    }

    [Fact]
    public void DerivedClasses_KeepTheirTypeAndAllLevels()
    {
        Shape[] shapes = [new Circle { Name = "c", Radius = 2 }, new Ring(0.5) { Name = "r", Radius = 3 }];

        var copies = RoundTrip.Of(shapes);

        var circle = Assert.IsType<Circle>(copies[0]);
        var ring = Assert.IsType<Ring>(copies[1]);
        Assert.Equal(("c", 2.0), (circle.Name, circle.Radius));
        Assert.Equal(("r", 3.0, 0.5), (ring.Name, ring.Radius, ring.Hole));
        Assert.Equal(3.0, Assert.IsType<Ring>(RoundTrip.Copy<Shape>(shapes[1])).Radius);
    }

    [Fact]
    public void Alias_StandsForTheTypeOnTheWire()
    {
        var (inline, _) = RoundTrip.Write<Shape>(new Ring(1));

        var text = System.Text.Encoding.UTF8.GetString(inline);
        Assert.Contains("#ring", text);
        Assert.DoesNotContain("Ring", text);
    }

    [Fact]
    public void Trees_ComeBackWhole()
    {
        var tree = new Tree { Value = 1, Children = [new() { Value = 2, Children = [new() { Value = 3 }] }, new() { Value = 4 }] };

        Assert.Equivalent(tree, RoundTrip.Of(tree), strict: true);
    }

    [Fact]
    public void Cycle_IsRefused()
    {
        var link = new Link();
        link.Next = link;
        var expected = $"A value is nested more than 256 levels deep at {typeof(Link)}. It probably contains itself, and a message carries values, "
            + "not object identities: break the cycle, for example by sending a key in place of the object.";

        Assert.Equal(expected, Assert.Throws<Orleans.Serialization.SerializerException>(() => RoundTrip.Of(link)).Message);
        Assert.Equal(expected, Assert.Throws<Orleans.Serialization.SerializerException>(() => RoundTrip.Copy(link)).Message);
    }

    [Fact]
    public void NonSerialized_StaysBehind()
    {
        var copy = RoundTrip.Of(new Skipping { Kept = 3, Left = 99 });

        Assert.Equal((3, 5, 6), (copy.Kept, copy.Left, copy.Computed));
    }

    [Fact]
    public void GeneratedIds_ComeBackEqual()
    {
        var copy = RoundTrip.Of(new Named { Alpha = 1, Beta = "b" });

        Assert.Equal((1, "b"), (copy.Alpha, copy.Beta));
    }

    [Fact]
    public void Comparers_OfTexts_AreKept()
    {
        var map = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 };

        Assert.Equal(1, RoundTrip.Of(map)["A"]);
        Assert.Equal(1, RoundTrip.Copy(map)["A"]);
        Assert.Contains("A", RoundTrip.Of(new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a" }));
    }

    [Fact]
    public void OlderMessage_MissingMembersKeepDefaults()
    {
        var read = RoundTrip.Into<VersionOne, VersionTwo>(new()
        {
            Same = 41,
            AlsoSame = "kept",
            LostNumber = 2.5,
            LostBytes = new byte[100_000],
            Lost = new() { Children = [new(), new()] },
        });

        Assert.Equal((41, "kept", "by default"), (read.Same, read.AlsoSame, read.Won));
    }

    [Fact]
    public void NewerMessage_UnknownMembersAreSteppedOver()
    {
        var read = RoundTrip.Into<VersionTwo, VersionOne>(new() { Same = 42, AlsoSame = "kept", Won = "unknown" });

        Assert.Equal((42, "kept"), (read.Same, read.AlsoSame));
        Assert.Null(read.Lost);
    }

    [Fact]
    public void MemberOfAnotherType_IsRefused()
    {
        var exception = Assert.Throws<Orleans.Serialization.SerializerException>(() => RoundTrip.Into<Point, Link>(new(1, 2)));

        Assert.Contains("A member's type must not change: give the new one a new [Id].", exception.Message);
    }

    [Fact]
    public void LargeBytes_TravelBesideTheBuffer()
    {
        var bytes = new byte[FrameWriter.SegmentBytesMin];
        Random.Shared.NextBytes(bytes);

        var (inline, segments) = RoundTrip.Write(new Payload(bytes));

        Assert.True(inline.Length < 32);
        Assert.Equal(bytes, Assert.Single(segments));
        Assert.Same(segments[0], RoundTrip.Read<Payload>(inline, segments).Bytes);
    }

    [Fact]
    public void LargeBytes_OfImmutableValues_AreNotCopiedAndOthersAre()
    {
        var bytes = new byte[FrameWriter.SegmentBytesMin];
        using var writer = new FrameWriter();

        Orleans.Serialization.CodecSet.Get<Payload>().Write(writer, new(bytes));
        Orleans.Serialization.CodecSet.Get<OpenPayload>().Write(writer, new(bytes, bytes));
        Orleans.Serialization.CodecSet.Get<Immutable<byte[]>>().Write(writer, bytes.AsImmutable());

        Assert.Equal([true, false, true, true], writer.Segments.Select(segment => segment.Equals((ReadOnlyMemory<byte>)bytes)));
    }

    [Fact]
    public void Copy_SharesWhatIsImmutable()
    {
        var payload = new Payload(new byte[10]);
        var open = new OpenPayload(new byte[10], new byte[10]);
        var copy = RoundTrip.Copy(open);

        Assert.Same(payload, RoundTrip.Copy(payload));
        Assert.NotSame(open, copy);
        Assert.NotSame(open.Bytes, copy.Bytes);
        Assert.Same(open.Sealed, copy.Sealed);
        Assert.Same(open.Bytes, RoundTrip.Copy(open.Bytes.AsImmutable()).Value);
    }

    private static Everything Full() => new()
    {
        Flag = true,
        Byte = 200,
        SByte = -100,
        ALong = long.MinValue,
        AULong = ulong.MaxValue,
        AFloat = float.Epsilon,
        ADouble = Math.PI,
        ADecimal = -79228162514264337593543950335m,
        Half = (Half)0.5,
        AChar = 'ß',
        Text = "text with \u00e9 and \U0001F600",
        AGuid = Guid.NewGuid(),
        Time = DateTime.UtcNow,
        Offset = new(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(-7)),
        Span = TimeSpan.FromTicks(-12345),
        Uri = new("https://example.com/a?b=c"),
        Shade = Shade.Light,
        Bytes = [1, 2, 3],
        Memory = new byte[] { 4, 5 },
        Floats = [1.5f, float.NaN, -0f],
        Points = [new(1, 2), null!],
        Map = new() { ["a"] = [1, 2], ["b"] = [] },
        Set = [Guid.NewGuid(), Guid.Empty],
        Fixed = [new(3, 4)],
        Pair = (9, "nine"),
        Boxed = Tuple.Create<int, Point?>(8, null),
        List = new List<int> { 7, 8 },
        Anything = new Dictionary<int, Point> { [1] = new(5, 6) },
        Wide = Int128.MinValue,
        Day = new(2026, 11, 20),
        Version = new(1, 2, 3),
        Far = 77,
    };
}
