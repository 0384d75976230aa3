namespace TorchSharp;

/// <summary>Whole-tensor copies and fills. Each is the tensor's own method, written as a function.</summary>
public static partial class torch
{
    public static Tensor clone(Tensor input) => input.clone();
}
