using SkiaSharp;

namespace VaeCluster.Tests.Support;

/// <summary>Makes JPEG files with SkiaSharp, and has those that it cannot make.</summary>
internal static class JpegWriter
{
    /// <summary>8x8 grey pixels of 90 in several scans, made with libjpeg-turbo.</summary>
    public static byte[] Progressive { get; } = Convert.FromBase64String("""
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsK
        DAkKCgr/wgALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAB//aAAgBAQAAAAEz/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABBQJ/
        /8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQAGPwJ//8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPyF//9oACAEBAAAAEH//xAAUEAEA
        AAAAAAAAAAAAAAAAAAAA/9oACAEBAAE/EH//2Q==
        """);

    /// <summary>8x8 pixels of cyan, magenta, yellow and black, made with libjpeg-turbo.</summary>
    public static byte[] Cmyk { get; } = Convert.FromBase64String("""
        /9j/7gAOQWRvYmUAZAAAAAAC/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK
        /9sAQwECAgICAgIFAwMFCgcGBwoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK/8AAFAgACAAIBAERAAIRAQMR
        AQQRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEV
        UtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqy
        s7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/EAB8BAAMBAQEBAQEBAQEAAAAAAAABAgMEBQYHCAkKC//EALURAAIB
        AgQEAwQHBQQEAAECdwABAgMRBAUhMQYSQVEHYXETIjKBCBRCkaGxwQkjM1LwFWJy0QoWJDThJfEXGBkaJicoKSo1Njc4OTpDREVGR0hJSlNUVVZXWFla
        Y2RlZmdoaWpzdHV2d3h5eoKDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uLj5OXm5+jp6vLz9PX29/j5
        +v/aAA4EAQACEQMRBAAAPwD9/KAP5/6//9k=
        """);

    public static byte[] Rgb(int width, int height, byte[] samples) =>
        Encode(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque), [.. samples.Chunk(3).SelectMany(pixel => (byte[])[.. pixel, byte.MaxValue])]);

    public static byte[] Grey(int width, int height, byte[] samples) =>
        Encode(new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque), samples);

    private static byte[] Encode(SKImageInfo info, byte[] pixels)
    {
        using var image = SKImage.FromPixelCopy(info, pixels);
        using var pixmap = image.PeekPixels();
        using var file = pixmap.Encode(new SKJpegEncoderOptions(95));
        return file!.ToArray();
    }
}
