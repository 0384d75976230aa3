using VaeCluster.Data;

namespace VaeCluster.Tests.Data;

public sealed class MemoryRoomTests
{
    [Fact]
    public void Check_WhatFits_SaysNothing() => MemoryRoom.Check("data.path", "x", 1000, 4, room: 4000);

    [Fact]
    public void Check_MoreThanTheProcessMayHave_SaysBothNumbers()
    {
        var e = Assert.Throws<DataException>(() => MemoryRoom.Check("data.path", "x.npy (10x10x10 of <f4)", 1000, 4, room: 3999));

        Assert.Equal("x.npy (10x10x10 of <f4) takes 4000 bytes in memory, and this process may have 3999. Use a machine with more memory, or fewer or smaller examples.", e.Message);
        Assert.Equal("data.path", e.Error.Path);
    }

    [Fact]
    public void Check_MoreThanAnArrayHolds_IsRefusedWhateverTheMemory() =>
        Assert.Contains("at most 2147483591 values can be held here", Assert.Throws<DataException>(() => MemoryRoom.Check("data.path", "x", (Int128)long.MaxValue * 4, 4, room: long.MaxValue)).Message, StringComparison.Ordinal);
}
