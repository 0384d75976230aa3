using System.Runtime.InteropServices;
using System.Security.Cryptography;
using VaeCluster.Data.Randomness;

namespace VaeCluster.Parameters.Vectors;

/// <summary>
/// Initial weights, drawn on the host from the run's seed: the same for every device. The rule is that of PyTorch's linear and
/// convolution layers: weights and biases uniform on (-1/sqrt(f), 1/sqrt(f)), with f the fan-in of the weight. Vectors named
/// <c>weight</c> are scales of a normalisation and start at 1; running variances start at 1, running means at 0.
/// </summary>
public static class WeightInitializer
{
    /// <summary>SHA-256 of the flat vector of step 0, as lower-case hexadecimal: a pure function of the layout and the seed.</summary>
    public static string Sha256(ParameterLayout layout, long seed)
    {
        var initial = Initialize(layout, seed);
        return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(initial.AsSpan())));
    }

    /// <summary>The flat vector of step 0.</summary>
    public static float[] Initialize(ParameterLayout layout, long seed)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var vector = new float[layout.Length];
        for (var i = 0; i < layout.Slots.Count; i++)
        {
            var slot = layout.Slots[i];
            var values = vector.AsSpan(slot.Offset, slot.Length);
            if (slot.IsBuffer || IsNormalization(layout, slot))
                values.Fill(StartsAtOne(slot) ? 1 : 0);
            else
                new CounterRandom(seed, RandomPurpose.Initialization, 0, i).FillUniform(values, -Bound(layout, slot), Bound(layout, slot));
        }
        return vector;
    }

    private static bool StartsAtOne(ParameterSlot slot) =>
        slot.Name.EndsWith("weight", StringComparison.Ordinal) || slot.Name.EndsWith("running_var", StringComparison.Ordinal);

    private static bool IsNormalization(ParameterLayout layout, ParameterSlot slot) => WeightOf(layout, slot).Shape.Count == 1;

    private static float Bound(ParameterLayout layout, ParameterSlot slot)
    {
        // PyTorch takes the fan-in from the second dimension on, for transposed convolutions too.
        var fanIn = WeightOf(layout, slot).Shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        return (float)(1 / Math.Sqrt(fanIn));
    }

    /// <summary>The weight of the layer that a slot belongs to: the fan-in of a bias is its weight's.</summary>
    private static ParameterSlot WeightOf(ParameterLayout layout, ParameterSlot slot)
    {
        var layer = slot.Name[..(slot.Name.LastIndexOf('.') + 1)];
        return layout.Slots.FirstOrDefault(other => other.Name == layer + "weight") ?? slot;
    }
}
