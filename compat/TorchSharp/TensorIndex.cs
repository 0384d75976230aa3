namespace TorchSharp;

public static partial class torch
{
    /// <summary>One place of an index expression: a position, a slice, a tensor of positions or a mask, or one of the signs.</summary>
    public struct TensorIndex
    {
        /// <summary>Every element of its dimension.</summary>
        public static readonly TensorIndex Colon = new() { Kind = TensorIndexKind.Slice };

        /// <summary>As many <see cref="Colon"/>s as there are dimensions left.</summary>
        public static readonly TensorIndex Ellipsis = new() { Kind = TensorIndexKind.Ellipsis };

        /// <summary>A new dimension of size 1.</summary>
        public static readonly TensorIndex None = new() { Kind = TensorIndexKind.NewDimension };

        /// <inheritdoc cref="None"/>
        public static readonly TensorIndex Null = None;

        internal TensorIndexKind Kind { get; private init; }

        internal long? Start { get; private init; }

        internal long? Stop { get; private init; }

        internal long? Step { get; private init; }

        internal Tensor? Positions { get; private init; }

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);

        /// <summary>One position; the dimension goes away.</summary>
        public static TensorIndex Single(long? index) => new() { Kind = TensorIndexKind.Single, Start = index };

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { Kind = TensorIndexKind.Slice, Start = start, Stop = stop, Step = step };

        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);

        public static TensorIndex Slice(Range range) => Slice(Bound(range.Start), range.End.Equals(Index.End) ? null : Bound(range.End));

        public static TensorIndex Tensor(Tensor tensor) => new() { Kind = TensorIndexKind.Tensor, Positions = tensor };

        private static long Bound(Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }
}

internal enum TensorIndexKind
{
    Single,
    Slice,
    Ellipsis,
    NewDimension,
    Tensor,
}
