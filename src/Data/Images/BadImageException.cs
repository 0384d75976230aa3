namespace VaeCluster.Data.Images;

/// <summary>A file cannot be used as an image. Its message is to be read after the file's name: "is empty".</summary>
internal sealed class BadImageException : Exception
{
    public BadImageException(string problem)
        : base(problem)
    {
    }

    /// <summary>Whether the file is valid, and only smaller than the spec asks.</summary>
    public bool IsTooSmall { get; init; }
}
