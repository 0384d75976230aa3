namespace TorchSharp;

public static partial class torch
{
    public enum RoundingMode
    {
        None = 0,
        trunc = 1,
        floor = 2,
    }

    /// <summary>The name by which libtorch knows it.</summary>
    private static string? Name(RoundingMode mode) => mode == RoundingMode.None ? null : mode.ToString();
}
