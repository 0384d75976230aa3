using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // Reading and writing by position.
    public partial class Tensor
    {
        public Tensor narrow(long dim, long start, long length) => Aten.Narrow.Call(this, dim, start, length);

        public Tensor slice(long dim, long start, long finish, long step) => Aten.SliceTensor.Call(this, dim, start, finish, step);

        public Tensor select(long dim, long index) => Aten.SelectInt.Call(this, dim, index);

        public Tensor index_select(long dim, Tensor index) => Aten.IndexSelect.Call(this, dim, index);

        public Tensor gather(long dim, Tensor index) => Aten.Gather.Call(this, dim, index);

        public Tensor scatter(long dim, Tensor index, Tensor src) => Aten.ScatterSrc.Call(this, dim, index, src);

        public Tensor scatter_(long dim, Tensor index, Tensor src) => Aten.ScatterSrc_.Update(this, dim, index, src);

        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Aten.ScatterAdd.Call(this, dim, index, src);

        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Aten.ScatterAdd_.Update(this, dim, index, src);

        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => Aten.IndexAdd.Call(this, dim, index, source, alpha);

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Aten.IndexAdd_.Update(this, dim, index, source, alpha);

        public Tensor index_copy(long dim, Tensor index, Tensor source) => Aten.IndexCopy.Call(this, dim, index, source);

        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Aten.IndexCopy_.Update(this, dim, index, source);

        public Tensor index_fill(long dim, Tensor index, Scalar value) => Aten.IndexFillIntScalar.Call(this, dim, index, value);

        public Tensor index_fill_(long dim, Tensor index, Scalar value) => Aten.IndexFillIntScalar_.Update(this, dim, index, value);

        public Tensor masked_fill(Tensor mask, Scalar value) => Aten.MaskedFillScalar.Call(this, mask, value);

        public Tensor masked_fill_(Tensor mask, Scalar value) => Aten.MaskedFillScalar_.Update(this, mask, value);

        public Tensor masked_select(Tensor mask) => Aten.MaskedSelect.Call(this, mask);

        public Tensor masked_scatter(Tensor mask, Tensor value) => Aten.MaskedScatter.Call(this, mask, value);

        public Tensor masked_scatter_(Tensor mask, Tensor value) => Aten.MaskedScatter_.Update(this, mask, value);

        public Tensor take(Tensor index) => Aten.Take.Call(this, index);

        public Tensor nonzero() => Aten.Nonzero.Call(this);
    }
}
