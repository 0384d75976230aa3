namespace TorchSharp;

/// <summary>How wide the padding is: none, or so that the size stays the same.</summary>
public enum Padding
{
    Valid = 0,
    Same = 1,
}
