using VaeCluster.Contracts;

namespace VaeCluster.Grains.Tests;

/// <summary>A full disk must not pass for a lost call: Orleans wraps both in its own exception.</summary>
public sealed class CallFailuresTests
{
    private static readonly IOException DiskFull = new("No space left on device");

    [Fact]
    public void StorageErrorIn_WhatTheStorageBridgeThrows_IsTheErrorOfTheDisk()
    {
        var wrapped = new OrleansException("Error from storage provider", DiskFull);

        Assert.Same(DiskFull, CallFailures.StorageErrorIn(wrapped));
        Assert.False(CallFailures.IsTransient(wrapped));
    }

    [Fact]
    public void StorageErrorIn_AConnectionThatBroke_IsNone()
    {
        var rejected = new SiloUnavailableException("The silo is gone.", new IOException("Connection reset by peer"));

        Assert.Null(CallFailures.StorageErrorIn(rejected));
        Assert.True(CallFailures.IsTransient(rejected));
    }

    [Fact]
    public void FormatErrorIn_AFileOfAnotherBuild_IsNoErrorOfTheDisk_AndNotTransient()
    {
        var refused = Assert.Throws<FormatVersionException>(() => FormatVersionException.ThrowUnless("state.json", found: null, current: 1));
        var wrapped = new OrleansException("Error from storage provider", refused);

        Assert.Same(refused, CallFailures.FormatErrorIn(wrapped));
        Assert.Null(CallFailures.StorageErrorIn(wrapped));
        Assert.False(CallFailures.IsTransient(wrapped));
        Assert.Null(CallFailures.FormatErrorIn(DiskFull));
    }

    [Fact]
    public void IsTransient_OfATimeout_AndOfNothingElse()
    {
        Assert.True(CallFailures.IsTransient(new TimeoutException()));
        Assert.False(CallFailures.IsTransient(DiskFull));
        Assert.False(CallFailures.IsTransient(new InvalidOperationException()));
    }
}
