namespace VaeCluster.Data.Images;

/// <summary>Bounds how many images a process decodes at once, whoever asks for them: their memory would add up.</summary>
internal static class ImageDecoding
{
    private static readonly SemaphoreSlim Decoders = new(DataLimits.DecodersMax);
    private static readonly SemaphoreSlim LargeDecoders = new(DataLimits.LargeDecodersMax);

    /// <summary>For a loop over files: no more threads than may decode, and none once the work is cancelled.</summary>
    public static ParallelOptions InParallel(DataAccess access) => new()
    {
        MaxDegreeOfParallelism = Math.Min(Environment.ProcessorCount, DataLimits.DecodersMax),
        CancellationToken = access.CancellationToken,
    };

    /// <summary>Decodes a file when there is a place for it.</summary>
    /// <param name="file">All of it.</param>
    /// <exception cref="BadImageException">It is no valid image of a kind that is read.</exception>
    public static DecodedImage Decode(byte[] file) => Within(Decoders, () => ImageDecoder.Decode(file));

    /// <summary>Decodes the pixels of an image whose size is known: of large ones, only a few at once.</summary>
    public static T WithRoomFor<T>(long pixels, Func<T> decode) => pixels > DataLimits.LargeImagePixels ? Within(LargeDecoders, decode) : decode();

    private static T Within<T>(SemaphoreSlim places, Func<T> work)
    {
        places.Wait();
        try
        {
            return work();
        }
        finally
        {
            places.Release();
        }
    }
}
