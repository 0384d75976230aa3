using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using VaeCluster.Contracts.ParameterServer;

namespace VaeCluster.Tests.Contracts.ParameterServer;

/// <summary>Memory is used again only when nobody can read it any more.</summary>
public sealed class PartBufferTests
{
    private const int Length = 1 << 16;

    [Fact]
    public void Release_OfTheLastReference_GivesTheMemoryToTheNext()
    {
        var first = PartBuffer.Rent(Length);
        var second = first.Retain();
        first.Bytes[0] = 1;
        var memory = ArrayOf(first);

        first.Release();
        var other = PartBuffer.Rent(Length);
        other.Bytes[0] = 2;
        Assert.Equal(1, second.Bytes[0]);

        second.Release();
        Assert.Same(memory, ArrayOf(PartBuffer.Rent(Length)));
        Assert.Throws<ObjectDisposedException>(() => first.Bytes.Length);
    }

    private static byte[] ArrayOf(PartBuffer buffer) =>
        MemoryMarshal.TryGetArray<byte>(buffer.Memory, out var array) ? array.Array! : throw new InvalidOperationException("The memory is no array.");

    [Fact]
    public void Release_OnceTooOften_IsCaught_AndTheBufferStaysReleased()
    {
        var buffer = PartBuffer.Rent(Length);
        buffer.Release();

        Assert.Throws<ObjectDisposedException>(buffer.Release);
        Assert.Throws<ObjectDisposedException>(() => buffer.Retain());
        Assert.Null(buffer.TryRetain());
    }

    [Fact]
    public void Release_OfOneReferenceTwice_LeavesTheOthersAlone()
    {
        var buffer = PartBuffer.Rent(Length);
        var other = buffer.Retain();
        buffer.Release();

        Assert.Throws<ObjectDisposedException>(buffer.Release);
        Assert.Null(buffer.TryRetain());

        Assert.Equal(Length, other.Bytes.Length);
        Assert.True(other.IsExclusive);
    }

    [Fact]
    public void IsExclusive_WithASecondOwner_IsFalse()
    {
        var buffer = PartBuffer.Wrap(new byte[4]);
        Assert.True(buffer.IsExclusive);

        var other = buffer.Retain();
        Assert.False(buffer.IsExclusive);

        other.Release();
        Assert.True(buffer.IsExclusive);
    }

    [Fact]
    public void TryRetain_FromManyThreads_CountsEveryOwner()
    {
        var buffer = PartBuffer.Rent(Length);
        var others = new PartBuffer?[1000];

        Parallel.For(0, others.Length, i => others[i] = buffer.TryRetain());
        Assert.All(others, Assert.NotNull);
        Parallel.ForEach(others, other => other!.Release());

        Assert.True(buffer.IsExclusive);
    }

    [Fact]
    public void Message_OnTheWire_BringsTheBytes_AndEndsTheSendersReference()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var buffer = PartBuffer.Rent(Length);
        Random.Shared.NextBytes(buffer.Bytes);
        var expected = buffer.Bytes.ToArray();
        var message = new WeightsPart { Outcome = PullOutcome.Weights, Step = 3, PartCount = 1, Payload = buffer };

        var bytes = serializer.SerializeToArray(message);
        var received = serializer.Deserialize<WeightsPart>(bytes);

        Assert.Equal(expected, received!.Payload!.Bytes.ToArray());
        Assert.Equal(message with { Payload = null }, received with { Payload = null });
        Assert.True(received.Payload.IsExclusive);
        // A second copy of the message would hold whatever the memory holds by then.
        Assert.Throws<ObjectDisposedException>(() => serializer.SerializeToArray(message));
    }

    [Fact]
    public void Message_WithoutAPayload_ArrivesWithoutOne()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();

        var received = serializer.Deserialize<WeightsPart>(serializer.SerializeToArray(new WeightsPart { Outcome = PullOutcome.NotYet }));

        Assert.Null(received!.Payload);
        Assert.Equal(PullOutcome.NotYet, received.Outcome);
    }

    [Fact]
    public void Message_WithAPartThatIsTooLong_IsRefused()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var bytes = serializer.SerializeToArray(new WeightsPart { Outcome = PullOutcome.Weights, Payload = PartBuffer.Wrap(new byte[PartBuffer.LengthMax + 1]) });

        var e = Assert.Throws<InvalidDataException>(() => serializer.Deserialize<WeightsPart>(bytes));

        Assert.Equal("A message announces a part of 1048577 bytes; a part has at most 1048576.", e.Message);
    }

    [Fact]
    public void Message_InsideASilo_IsPassedByReference()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var message = new WeightsPart { Outcome = PullOutcome.Weights, Payload = PartBuffer.Wrap(new byte[4]) };

        Assert.Same(message.Payload, services.GetRequiredService<DeepCopier>().Copy(message)!.Payload);
    }
}
