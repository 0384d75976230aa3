using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // Whole-tensor copies and fills.
    public partial class Tensor
    {
        public Tensor fill_(Scalar value) => Aten.FillScalar_.Update(this, value);

        public Tensor zero_() => Aten.Zero_.Update(this);

        public Tensor copy_(Tensor source, bool nonBlocking = false) => Aten.Copy_.Update(this, source, nonBlocking);

        public Tensor set_(Tensor source) => Aten.SetSourceTensor_.Update(this, source);

        public Tensor clone() => Aten.Clone.Call(this);

        public Tensor detach() => Aten.Detach.Call(this);

        public Tensor detach_() => Aten.Detach_.Update(this);
    }
}
