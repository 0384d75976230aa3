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
