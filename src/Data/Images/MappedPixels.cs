using System.IO.MemoryMappedFiles;

namespace VaeCluster.Data.Images;

/// <summary>8-bit pixels in a part of a file, mapped: processes that read the same file share its memory, and it need not fit.</summary>
internal sealed class MappedPixels : PixelStore
{
    private const int BlockBytes = 4096;

    private readonly MemoryMappedViewAccessor _view;
    private readonly string _sha256;

    /// <summary>Maps a part of a file. The mapping lives as long as somebody holds this; its handle's finalizer ends it.</summary>
    /// <param name="path">The file, which must not change any more.</param>
    /// <param name="offset">The first pixel, in bytes.</param>
    /// <param name="length">How many bytes.</param>
    /// <param name="sha256">Their hash, which the caller has checked.</param>
    public MappedPixels(string path, long offset, long length, string sha256)
    {
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = file.CreateViewAccessor(offset, length, MemoryMappedFileAccess.Read);
        _sha256 = sha256;
        Length = length;
    }

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc/>
    public override void CopyTo(long start, Span<float> destination)
    {
        Span<byte> block = stackalloc byte[BlockBytes];
        for (var i = 0; i < destination.Length; i += BlockBytes)
        {
            var count = Math.Min(BlockBytes, destination.Length - i);
            _view.SafeMemoryMappedViewHandle.ReadSpan((ulong)(_view.PointerOffset + start + i), block[..count]);
            BytePixels.ToFloats(block[..count], destination.Slice(i, count));
        }
    }

    /// <inheritdoc/>
    protected override string ComputeSha256() => _sha256;
}
