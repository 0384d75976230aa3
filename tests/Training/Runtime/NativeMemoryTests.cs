using System.Globalization;
using TorchSharp;
using VaeCluster.Training.Runtime;

namespace VaeCluster.Tests.Training.Runtime;

public sealed class NativeMemoryTests
{
    private const int Floats = 1 << 20;

    [Fact]
    public void Tensors_AfterOneOfTheirSizeWasFreed_TouchNoFreshPages()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The setting is glibc's.");
        Assert.True(NativeMemory.KeepFreed());
        Fill(1);
        var before = FaultsOfThisThread();

        Fill(100);

        // Without the setting each of the hundred touches 1,024 fresh pages.
        Assert.InRange(FaultsOfThisThread() - before, 0, 10_000);
    }

    private static void Fill(int count)
    {
        for (var i = 0; i < count; i++)
            torch.zeros(Floats).Dispose();
    }

    /// <summary>Minor page faults, proc(5): the tenth field of the thread's stat, the eighth after the name.</summary>
    private static long FaultsOfThisThread()
    {
        var stat = File.ReadAllText("/proc/thread-self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[7], CultureInfo.InvariantCulture);
    }
}
