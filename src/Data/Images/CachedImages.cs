namespace VaeCluster.Data.Images;

/// <summary>A file in the cache of decoded images.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="UsedAt">When it was made or last opened, UTC.</param>
/// <param name="Source">The folder that it was decoded from; empty where the file does not say.</param>
/// <param name="Images">How many images it holds; 0 of one that is incomplete.</param>
/// <param name="Shape">Their shape, e.g. <c>3x64x64</c>: channels, height, width; empty of one that is incomplete.</param>
public sealed record CachedImages(string Path, long Bytes, DateTime UsedAt, string Source, int Images, string Shape);
