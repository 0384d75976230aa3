using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // Its part in a graph of gradients.
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => NativeMethods.TensorRequiresGrad(Handle) != 0;
            set
            {
                NativeCall.Check(NativeMethods.TensorSetRequiresGrad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }

        public bool is_leaf => NativeMethods.TensorIsLeaf(Handle) != 0;

        /// <summary>
        /// What <see cref="backward()"/> gathered, or null. Not public: it is a property in one version of the real
        /// package and a method in another, so code for both asks <see cref="autograd.grad"/>.
        /// </summary>
        internal Tensor? Gradient
        {
            get
            {
                var handle = NativeMethods.TensorGrad(Handle);
                GC.KeepAlive(this);
                return handle == 0 ? null : new Tensor(handle);
            }
        }

        internal void ClearGradient()
        {
            NativeCall.Check(NativeMethods.TensorClearGrad(Handle));
            GC.KeepAlive(this);
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void backward() => autograd.backward(this);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward(this, grad_tensors, retain_graph, create_graph, inputs);
    }
}
