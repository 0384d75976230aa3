using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>A row of numbers for each class.</summary>
    public sealed class Embedding : nn.Module<Tensor, Tensor>
    {
        private readonly long? _paddingIndex;
        private readonly bool _isScaledByFrequency;

        internal Embedding(
            long count, long dimensions, long? paddingIndex, bool isScaledByFrequency, Device? device, ScalarType? dtype) : base(nameof(Embedding))
        {
            (_paddingIndex, _isScaledByFrequency) = (paddingIndex, isScaledByFrequency);
            weight = empty(count, dimensions, dtype, device).AsParameter();
            nn.init.normal_(weight);
            if (paddingIndex is { } padding) ZeroRow(padding);
        }

        public Parameter? weight
        {
            get => get_parameter(nameof(weight));
            set => Assign(nameof(weight), value);
        }

        public override Tensor forward(Tensor input) => Aten.Embedding.Call(weight, input, _paddingIndex ?? -1, _isScaledByFrequency);

        private void ZeroRow(long index)
        {
            using var gradients = no_grad();
            using var row = weight!.select(0, index);
            row.zero_();
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <param name="num_embeddings">How many classes.</param>
            /// <param name="embedding_dims">How many numbers for each.</param>
            /// <param name="padding_idx">A class whose row stays zero.</param>
            /// <param name="max_norm">Not supported: it changes the weight in the forward pass.</param>
            /// <param name="norm_type">Goes with <paramref name="max_norm"/>.</param>
            /// <param name="scale_grad_by_freq">Whether gradients are divided by how often the class came in the batch.</param>
            /// <param name="sparse">Not supported.</param>
            /// <param name="device">Where the weight lies.</param>
            /// <param name="dtype">Its type.</param>
            public static Modules.Embedding Embedding(
                long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
            {
                if (max_norm is not null || norm_type != 2 || sparse) throw new NotSupportedException("An embedding with max_norm, norm_type or sparse is not supported; leave them at their defaults.");
                return new Modules.Embedding(num_embeddings, embedding_dims, padding_idx, scale_grad_by_freq, device, dtype);
            }
        }
    }
}
