namespace TorchSharp.Native;

/// <summary>How an argument is written for an operator; kept in step with <c>vt_tag</c> in native/vaecluster_torch.h.</summary>
internal enum ArgumentTag : long
{
    None = 0,
    Tensor = 1,
    Int = 2,
    Double = 3,
    Bool = 4,
    IntList = 5,
    DoubleList = 6,
    TensorList = 7,
    OptionalTensorList = 8,
    String = 9,
    Device = 10,
    Generator = 11,
}
