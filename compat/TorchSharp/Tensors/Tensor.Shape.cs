using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // Views, copies of another shape, and parts.
    public partial class Tensor
    {
        public Tensor view(params long[] shape) => Aten.View.Call(this, shape);

        public Tensor reshape(params long[] shape) => Aten.Reshape.Call(this, shape);

        public Tensor view_as(Tensor other) => Aten.ViewAs.Call(this, other);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Aten.FlattenUsingInts.Call(this, start_dim, end_dim);

        public Tensor unflatten(long dim, params long[] sizes) => Aten.UnflattenInt.Call(this, dim, sizes);

        public Tensor squeeze(long? dim = null) => dim is { } dimension ? Aten.SqueezeDim.Call(this, dimension) : Aten.Squeeze.Call(this);

        public Tensor squeeze_(long? dim = null) =>
            dim is { } dimension ? Aten.SqueezeDim_.Update(this, dimension) : Aten.Squeeze_.Update(this);

        public Tensor unsqueeze(long dim) => Aten.Unsqueeze.Call(this, dim);

        public Tensor unsqueeze_(long dim) => Aten.Unsqueeze_.Update(this, dim);

        public Tensor transpose(long dim0, long dim1) => Aten.TransposeInt.Call(this, dim0, dim1);

        public Tensor transpose_(long dim0, long dim1) => Aten.Transpose_.Update(this, dim0, dim1);

        public Tensor t() => Aten.T.Call(this);

        public Tensor permute(params long[] permutation) => Aten.Permute.Call(this, permutation);

        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor swapdims(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor movedim(long[] source, long[] destination) => Aten.MovedimIntlist.Call(this, source, destination);

        public Tensor expand(params long[] sizes) => Aten.Expand.Call(this, sizes);

        public Tensor expand(long[] sizes, bool isImplicit = false) => Aten.Expand.Call(this, sizes, isImplicit);

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => Aten.Expand.Call(this, sizes, isImplicit);

        public Tensor expand_as(Tensor other) => Aten.ExpandAs.Call(this, other);

        public Tensor broadcast_to(params long[] shape) => Aten.BroadcastTo.Call(this, shape);

        public Tensor repeat(params long[] sizes) => Aten.Repeat.Call(this, sizes);

        public Tensor tile(long[] reps) => Aten.Tile.Call(this, reps);

        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            Aten.RepeatInterleaveSelfInt.Call(this, repeats, dim, output_size);

        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            Aten.RepeatInterleaveSelfTensor.Call(this, repeats, dim, output_size);

        public Tensor flip(params long[] dims) => Aten.Flip.Call(this, dims);

        public Tensor triu(long diagonal = 0) => Aten.Triu.Call(this, diagonal);

        public Tensor tril(long diagonal = 0) => Aten.Tril.Call(this, diagonal);

        public Tensor diag(long diagonal = 0) => Aten.Diag.Call(this, diagonal);

        public Tensor roll(long[] shifts, long[] dims) => Aten.Roll.Call(this, shifts, dims);

        public Tensor[] unbind(long dimension = 0) => Aten.UnbindInt.CallList(size((int)dimension), this, dimension);

        public Tensor[] chunk(long chunks, long dim = 0) => Aten.Chunk.CallList(chunks, this, chunks, dim);

        public Tensor[] split(long size, int dim = 0) => Aten.SplitTensor.CallList(this.size(dim) + 1, this, size, dim);

        public Tensor[] split(long[] sizes, long dim = 0) => Aten.SplitWithSizes.CallList(sizes.Length, this, sizes, dim);

        public Tensor contiguous() => Aten.Contiguous.Call(this);

        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) =>
            Aten.AsStrided.Call(this, size, strides, storageOffset);

        public Tensor alias() => new(NativeCall.Check(NativeMethods.TensorAlias(Handle)));

        public Tensor unfold(long dimension, long size, long step) => Aten.Unfold.Call(this, dimension, size, step);
    }
}
