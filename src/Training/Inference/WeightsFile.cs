using VaeCluster.Parameters.Vectors;


namespace VaeCluster.Training.Inference;

/// <summary>Reads weights that a run wrote.</summary>
internal static class WeightsFile
{
    /// <summary>The weights.</summary>
    /// <exception cref="InvalidDataException">The file does not hold the weights that the run wrote.</exception>
    public static WeightsSnapshot Read(ModelSource source, ParameterLayout layout)
    {
        byte[][] parts = [.. Enumerable.Range(0, layout.PartCount).Select(part => new byte[sizeof(float) * layout.PartAt(part).Length])];
        SafetensorsFile.Read(source.Path, layout, parts);
        var found = SafetensorsFile.Sha256(parts);
        return found == source.WeightsSha256
            ? WeightsSnapshot.Wrap(source.Step, isFinal: true, parts)
            : throw new InvalidDataException(
                $"The weights in {source.Path} have the SHA-256 {found}; the run wrote {source.WeightsSha256}. The file was damaged after it was written.");
    }
}
