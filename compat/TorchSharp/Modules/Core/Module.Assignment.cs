using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // What the ready-made modules do when one of their tensors is set. They hold them in the dictionaries only, so
        // that there is one place to replace them.
        public partial class Module
        {
            private protected void Assign(string componentName, Parameter? value)
            {
                var old = _internal_params.TryGetValue(componentName, out var found) ? found : null;
                if (ReferenceEquals(old, value)) return;

                value?.DetachFromDisposeScope();
                ConditionallyRegisterParameter(componentName, value);
                old?.Dispose();
            }

            private protected void AssignBuffer(string componentName, Tensor? value)
            {
                var old = _buffers.TryGetValue(componentName, out var found) ? found : null;
                if (ReferenceEquals(old, value)) return;

                value?.DetachFromDisposeScope();
                ConditionallyRegisterBuffer(componentName, value);
                old?.Dispose();
            }
        }
    }
}
