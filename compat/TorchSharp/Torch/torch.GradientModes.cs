using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static bool is_grad_enabled() => NativeMethods.GradModeEnabled() != 0;

    public static bool is_inference_mode_enabled() => NativeMethods.InferenceModeEnabled() != 0;

    /// <summary>Until it is disposed, operations of this thread record no graph.</summary>
    public static IDisposable no_grad() => new GradientMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradientMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradientMode(mode);

    /// <summary>As <see cref="no_grad"/>, and the tensors made in it can never take part in a graph.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    private sealed class GradientMode : IDisposable
    {
        private readonly bool _before = is_grad_enabled();

        public GradientMode(bool isEnabled) => NativeMethods.GradModeSet(isEnabled ? 1 : 0);

        public void Dispose() => NativeMethods.GradModeSet(_before ? 1 : 0);
    }

    private sealed class InferenceMode(bool isEnabled) : IDisposable
    {
        private nint _guard = NativeMethods.InferenceModeEnter(isEnabled ? 1 : 0);

        public void Dispose()
        {
            if (_guard == 0) return;
            NativeMethods.InferenceModeLeave(_guard);
            _guard = 0;
        }
    }
}
