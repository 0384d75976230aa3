using VaeCluster.Benchmarks.Results;

namespace VaeCluster.Build.Tests.Benchmarks;

/// <summary>What the benchmark reads of a process.</summary>
public sealed class ProcessStatTests
{
    [Theory]
    [InlineData("4242 (vaesilo) S 1 4242 4242 0 -1 4194560 90211 0 12 0 1250 375 7 8 20 0 31 0 100 3221225472 65536", 16.25)]
    [InlineData("7 (tmux: server) (x) R 1 7 7 0 -1 4194560 0 0 0 0 3 4 50 60 20 0 1 0 5 6 7", 0.07)]
    public void CpuSeconds_IsUserAndSystemTime_WithoutThatOfChildren_WhateverTheProgramIsCalled(string stat, double expected) =>
        Assert.Equal(expected, ProcessStat.CpuSeconds(stat), 6);

    [Fact]
    public void CpuSeconds_OfAnotherText_IsRefused() =>
        Assert.Throws<FormatException>(() => ProcessStat.CpuSeconds("4242 (vaesilo) S 1 2"));

    [Fact]
    public void PeakBytes_IsVmHwm_InBytes()
    {
        const string Status = "Name:\tvaesilo\nVmPeak:\t 9000 kB\nVmHWM:\t  551424 kB\nVmRSS:\t  463000 kB\n";

        Assert.Equal(551_424 * 1024L, ProcessStat.PeakBytes(Status));
    }

    [Fact]
    public void PeakBytes_OfAnotherText_IsRefused() => Assert.Throws<FormatException>(() => ProcessStat.PeakBytes("Name:\tvaesilo\n"));

    [Fact]
    public void Both_OfThisProcess_CanBeRead()
    {
        Assert.True(ProcessStat.CpuSeconds(File.ReadAllText("/proc/self/stat")) > 0);
        Assert.InRange(ProcessStat.PeakBytes(File.ReadAllText("/proc/self/status")), 1 << 20, 1L << 40);
    }
}
