using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Orleans.Serialization.Codecs;

internal sealed class ArrayCodec<T> : CollectionCodec<T[], T>
{
    protected override int Count(T[] value) => value.Length;

    protected override IEnumerable<T> Enumerate(T[] value) => value;

    protected override T[] Rebuild(T[]? like, List<T> items) => [.. items];
}

internal sealed class ListCodec<T> : CollectionCodec<List<T>, T>
{
    protected override int Count(List<T> value) => value.Count;

    protected override IEnumerable<T> Enumerate(List<T> value) => value;

    protected override List<T> Rebuild(List<T>? like, List<T> items) => items;
}

internal sealed class ImmutableArrayCodec<T> : CollectionCodec<ImmutableArray<T>, T>
{
    public override bool IsImmutable => Items.IsImmutable;

    public override ImmutableArray<T> Copy(ImmutableArray<T> value, int depth) => IsImmutable ? value : base.Copy(value, depth);

    protected override bool IsNull(ImmutableArray<T> value) => value.IsDefault;

    protected override int Count(ImmutableArray<T> value) => value.Length;

    protected override IEnumerable<T> Enumerate(ImmutableArray<T> value) => value;

    protected override ImmutableArray<T> Rebuild(ImmutableArray<T> like, List<T> items) => ImmutableCollectionsMarshal.AsImmutableArray<T>([.. items]);
}
