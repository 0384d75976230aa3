using TorchSharp;
using VaeCluster.Training.Runtime;

namespace VaeCluster.Training.Tests.Runtime;

/// <summary>The setting is that of the process, and nothing else in these tests touches it; no GPU is needed to see it.</summary>
public sealed class CudaPrecisionTests
{
    public CudaPrecisionTests() => TorchRuntime.Load();

    [Fact]
    public void Hold_OfAStrictRun_DecidesForAllOfTheProcess()
    {
        using (CudaPrecision.Hold(isStrict: false))
        {
            Assert.True(IsTf32Allowed());
            using (CudaPrecision.Hold(isStrict: true))
            {
                var second = CudaPrecision.Hold(isStrict: true);
                Assert.False(IsTf32Allowed());
                second.Dispose();
                second.Dispose();
                Assert.False(IsTf32Allowed());
            }
            Assert.True(IsTf32Allowed());
        }
        Assert.False(IsTf32Allowed());
    }

    [Fact]
    public void Load_FixesTheWorkspaceOfCublas_ForNativeLibraries()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no setenv.");
        Assert.Equal(Environment.GetEnvironmentVariable(NativeEnvironment.CublasWorkspace) ?? ":4096:8", NativeEnvironment.Read(NativeEnvironment.CublasWorkspace));
    }

    private static bool IsTf32Allowed()
    {
        Assert.Equal(torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32);
        return torch.backends.cudnn.allow_tf32;
    }
}
