using System.Runtime.CompilerServices;

namespace TorchSharp;

public static partial class torch
{
    // t[...], to read and to write.
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => At([i1]);
            set => Put(value, [i1]);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => At([i1, i2]);
            set => Put(value, [i1, i2]);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => At([i1, i2, i3]);
            set => Put(value, [i1, i2, i3]);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => At([i1, i2, i3, i4]);
            set => Put(value, [i1, i2, i3, i4]);
        }

        public Tensor index(params TensorIndex[] indices) => At(indices);

        public Tensor index(params Tensor[] indices) => At(OfTensors(indices));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            Put(value, indices);
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices)
        {
            Put(value, OfTensors(indices));
            return this;
        }

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var tensor = ScalarTensor(value);
            return index_put_(tensor, indices);
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using var tensor = ScalarTensor(value);
            return index_put_(tensor, indices);
        }

        private Tensor At(ReadOnlySpan<TensorIndex> indices)
        {
            using var view = new IndexedView(this, indices);
            return view.Read();
        }

        private void Put(Tensor value, ReadOnlySpan<TensorIndex> indices)
        {
            using var view = new IndexedView(this, indices);
            view.Write(value);
        }

        private Tensor ScalarTensor(Scalar value) => full(ReadOnlySpan<long>.Empty, value, dtype, device);

        private static TensorIndex[] OfTensors(Tensor[] indices) => Array.ConvertAll(indices, TensorIndex.Tensor);
    }
}
