namespace VaeCluster.Data.Images;

/// <summary>A file of a folder of images.</summary>
/// <param name="Name">Below the folder, with '/' between the parts.</param>
/// <param name="Length">In bytes.</param>
/// <param name="ModifiedAt">When it was last written, in ticks of 100 ns.</param>
internal sealed record ImageFile(string Name, long Length, long ModifiedAt);
