namespace VaeCluster.Client.Datasets;

/// <summary>One file of a public data set.</summary>
/// <param name="Name">Its name there and here.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
internal sealed record PublicFile(string Name, long Length, string Sha256);
