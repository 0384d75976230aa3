using TorchSharp;

namespace VaeCluster.Training.Runtime;

/// <summary>
/// Whether CUDA's libraries may round to TF32 in matrix products and convolutions. libtorch has one setting for the process, whose devices may train several
/// runs, so a run that needs the same bits decides for all of them. Safe to use from many threads.
/// </summary>
internal static class CudaPrecision
{
    private static readonly Lock Gate = new();
    private static int _strict;
    private static int _relaxed;

    /// <summary>Holds the settings for a run until the result is disposed.</summary>
    /// <param name="isStrict">Whether the run needs the same bits; one that does not may use TF32, as long as no other run of the process minds.</param>
    public static IDisposable Hold(bool isStrict)
    {
        Count(isStrict, 1);
        return new Held(isStrict);
    }

    private static void Count(bool isStrict, int change)
    {
        lock (Gate)
        {
            if (isStrict)
                _strict += change;
            else
                _relaxed += change;
            var mayRound = _strict == 0 && _relaxed > 0;
            torch.backends.cuda.matmul.allow_tf32 = mayRound;
            torch.backends.cudnn.allow_tf32 = mayRound;
        }
    }

    private sealed class Held(bool isStrict) : IDisposable
    {
        private bool _isDisposed;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _isDisposed, true))
                Count(isStrict, -1);
        }
    }
}
