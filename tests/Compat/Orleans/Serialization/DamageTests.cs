using Orleans.Serialization;

namespace VaeCluster.Tests.OrleansCompat.Serialization;

/// <summary>What arrives is not trusted.</summary>
public sealed class DamageTests
{
    [Fact]
    public void EveryTruncation_FailsInWordsOfTheSerializer()
    {
        var (inline, _) = RoundTrip.Write(new Tree { Children = [new() { Value = 12345 }, new()], Parent = new() });

        for (var length = 0; length < inline.Length; length++)
        {
            Assert.Throws<SerializerException>(() => RoundTrip.Read<Tree>(inline[..length]));
        }
    }

    [Fact]
    public void RandomDamage_NeverFailsInAnyOtherWay()
    {
        var random = new Random(20260101);
        var (inline, _) = RoundTrip.Write(new Everything { Map = new() { ["a"] = [1] }, Points = [new(1, 2)], Anything = new Circle(), Text = "text" });

        for (var round = 0; round < 20_000; round++)
        {
            var damaged = inline.ToArray();
            for (var i = 0; i < 3; i++) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            var reader = new Orleans.Serialization.Wire.FrameReader(damaged, 0, damaged.Length, [], null);
            var exception = Record.Exception(() => CodecSet.Get<Everything>().Read(reader));
            Assert.True(
                exception is null or SerializerException or OverflowException or ArgumentException or FormatException,
                $"round {round}: {exception}");
        }
    }

    [Fact]
    public void HugeCount_IsRefusedBeforeAnythingIsAllocated()
    {
        byte[] inline = [1, 255, 255, 255, 255, 7];

        var exception = Assert.Throws<SerializerException>(() => RoundTrip.Read<List<int>>(inline));

        Assert.Equal("The message announces 2147483647 elements; only 0 bytes of it are left.", exception.Message);
    }

    [Fact]
    public void UnknownType_IsNamed()
    {
        var (inline, _) = RoundTrip.Write<Shape>(new Ring(1));
        inline[Array.IndexOf(inline, (byte)'#') + 1] = (byte)'k';

        var exception = Assert.Throws<SerializerException>(() => RoundTrip.Read<Shape>(inline));

        Assert.StartsWith("The message carries a value of type '#king', which this process does not know.", exception.Message);
    }

    [Fact]
    public void TypeThatDoesNotBelong_IsRefused()
    {
        var (inline, _) = RoundTrip.Write<object>(new Tree());

        var exception = Assert.Throws<SerializerException>(() => RoundTrip.Read<Shape>(inline));

        Assert.Equal($"The message carries a {typeof(Tree)} where a {typeof(Shape)} belongs.", exception.Message);
    }

    [Fact]
    public void TypeThatIsNotMarked_IsNotMade()
    {
        using var writer = new Orleans.Serialization.Wire.FrameWriter();
        writer.WriteByte(2);
        writer.WriteString("System.IO.FileInfo, System.Private.CoreLib");

        var exception = Assert.Throws<CodecNotFoundException>(() => RoundTrip.Read<object>(writer.Written.ToArray()));

        Assert.StartsWith("System.IO.FileInfo cannot be sent between grains: it is not among the framework's types that are known here.", exception.Message);
    }

    [Fact]
    public void Segment_ThatIsNotThere_IsRefused()
    {
        var (inline, segments) = RoundTrip.Write(new Payload(new byte[70_000]));

        var exception = Assert.Throws<SerializerException>(() => RoundTrip.Read<Payload>(inline));

        Assert.Single(segments);
        Assert.Equal("The message refers to its segment 0; it has 0.", exception.Message);
    }
}
