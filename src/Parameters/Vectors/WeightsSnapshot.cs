using System.Collections.Immutable;
using VaeCluster.Contracts.ParameterServer;

namespace VaeCluster.Parameters.Vectors;

/// <summary>
/// The weights of a step, as the parameter server publishes them and as trainers read them. It owns a reference to each part until it is disposed; the
/// values never change while anybody owns one.
/// </summary>
public sealed class WeightsSnapshot : IDisposable
{
    private bool _isDisposed;

    /// <summary>Takes over references to the parts of a step's weights.</summary>
    /// <param name="step">Steps that were applied to them.</param>
    /// <param name="isFinal">Whether they are those after the last step.</param>
    /// <param name="parts">The flat vector, in the layout's parts.</param>
    public WeightsSnapshot(long step, bool isFinal, IReadOnlyList<PartBuffer> parts)
    {
        Step = step;
        IsFinal = isFinal;
        Parts = parts;
    }

    /// <summary>Steps that were applied to the weights.</summary>
    public long Step { get; }

    /// <summary>Whether no further step follows.</summary>
    public bool IsFinal { get; }

    /// <summary>The flat vector, in the layout's parts.</summary>
    public IReadOnlyList<PartBuffer> Parts { get; }

    /// <summary>The scales that the step's gradients are encoded on, part by part; empty where the run needs none.</summary>
    public IReadOnlyList<ImmutableArray<float>> Scales { get; init; } = [];

    /// <summary>The scales of a part; empty where the run needs none.</summary>
    public ImmutableArray<float> ScalesOf(int part) => part < Scales.Count ? Scales[part] : [];

    /// <summary>Weights around arrays that nobody writes to any more.</summary>
    public static WeightsSnapshot Wrap(long step, bool isFinal, IEnumerable<byte[]> parts, IReadOnlyList<ImmutableArray<float>>? scales = null) =>
        new(step, isFinal, [.. parts.Select(PartBuffer.Wrap)]) { Scales = scales ?? [] };

    /// <summary>Weights from a flat vector, which is copied.</summary>
    public static WeightsSnapshot Create(ParameterLayout layout, ReadOnlySpan<float> values)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, layout.Length);
        var parts = new PartBuffer[layout.PartCount];
        for (var part = 0; part < parts.Length; part++)
        {
            var (start, length) = layout.PartAt(part);
            parts[part] = PartBuffer.Rent(sizeof(float) * length);
            values.Slice(start, length).CopyTo(parts[part].Values);
        }
        return new(0, isFinal: false, parts);
    }

    /// <summary>The same weights for another owner; null when the last owner has gone meanwhile.</summary>
    public WeightsSnapshot? TryShare()
    {
        var parts = new PartBuffer[Parts.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            if (Parts[i].TryRetain() is { } part)
            {
                parts[i] = part;
                continue;
            }
            Array.ForEach(parts[..i], taken => taken.Release());
            return null;
        }
        return new(Step, IsFinal, parts) { Scales = Scales };
    }

    /// <summary>A copy of the values, one array a part.</summary>
    public byte[][] ToArrays() => [.. Parts.Select(part => part.Bytes.ToArray())];

    /// <summary>SHA-256 of the flat vector, as lower-case hexadecimal.</summary>
    public string ToSha256() => SafetensorsFile.Sha256(Parts.Select(part => (ReadOnlyMemory<byte>)part.Memory));

    /// <summary>Gives the references up. Does nothing the second time.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        foreach (var part in Parts)
            part.Release();
    }
}
