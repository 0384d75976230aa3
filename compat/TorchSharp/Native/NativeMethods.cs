using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>
/// The C ABI of libvaecluster_torch.so; native/vaecluster_torch.h is its reference.
/// A tensor handle is owned by whoever received it and is given back to <see cref="TensorFree"/>; zero means "no tensor".
/// A function that can fail returns <see cref="Error"/> (or zero where it returns a handle) and leaves its message in
/// <see cref="LastError"/>; callers go through <see cref="NativeCall"/>, which throws it.
/// Getters that cannot block or fail skip the GC transition: a step reads thousands of shapes.
/// </summary>
internal static unsafe partial class NativeMethods
{
    internal const int Error = -1;
    private const string Library = NativeLibraryLoader.LibraryName;

    static NativeMethods() => NativeLibraryLoader.Register();

    [LibraryImport(Library, EntryPoint = "vt_last_error")]
    internal static partial byte* LastError();

    /// <summary>Both names are null-terminated UTF-8. The operator is never freed.</summary>
    [LibraryImport(Library, EntryPoint = "vt_operator_find")]
    internal static partial nint OperatorFind(byte* name, byte* overload);

    /// <summary>Returns how many results were written, or <see cref="Error"/>. With no capacity the results are dropped.</summary>
    [LibraryImport(Library, EntryPoint = "vt_operator_call")]
    internal static partial int OperatorCall(nint op, long* words, int argumentCount, long* results, int capacity);

    [LibraryImport(Library, EntryPoint = "vt_tensor_free")]
    internal static partial void TensorFree(nint tensor);

    /// <summary>How many handles are out, over all threads.</summary>
    [LibraryImport(Library, EntryPoint = "vt_tensor_live_count")]
    internal static partial long TensorLiveCount();

    /// <summary>The memory stays the caller's until <paramref name="release"/> is called with <paramref name="context"/>.</summary>
    [LibraryImport(Library, EntryPoint = "vt_tensor_from_blob")]
    internal static partial nint TensorFromBlob(void* data, delegate* unmanaged<nint, void> release, nint context, long* sizes, int rank, int scalarType);

    /// <summary>A second handle to the same tensor.</summary>
    [LibraryImport(Library, EntryPoint = "vt_tensor_alias")]
    internal static partial nint TensorAlias(nint tensor);

    [LibraryImport(Library, EntryPoint = "vt_tensor_dim"), SuppressGCTransition]
    internal static partial long TensorDim(nint tensor);

    [LibraryImport(Library, EntryPoint = "vt_tensor_numel"), SuppressGCTransition]
    internal static partial long TensorNumel(nint tensor);

    [LibraryImport(Library, EntryPoint = "vt_tensor_element_size"), SuppressGCTransition]
    internal static partial long TensorElementSize(nint tensor);

    [LibraryImport(Library, EntryPoint = "vt_tensor_scalar_type"), SuppressGCTransition]
    internal static partial int TensorScalarType(nint tensor);

    [LibraryImport(Library, EntryPoint = "vt_tensor_device_type"), SuppressGCTransition]
    internal static partial int TensorDeviceType(nint tensor);

    [LibraryImport(Library, EntryPoint = "vt_tensor_device_index"), SuppressGCTransition]
    internal static partial int TensorDeviceIndex(nint tensor);

    /// <summary>Writes <see cref="TensorDim"/> numbers.</summary>
    [LibraryImport(Library, EntryPoint = "vt_tensor_sizes"), SuppressGCTransition]
    internal static partial int TensorSizes(nint tensor, long* sizes);

    /// <summary>Writes <see cref="TensorDim"/> numbers.</summary>
    [LibraryImport(Library, EntryPoint = "vt_tensor_strides")]
    internal static partial int TensorStrides(nint tensor, long* strides);

    [LibraryImport(Library, EntryPoint = "vt_tensor_is_contiguous"), SuppressGCTransition]
    internal static partial int TensorIsContiguous(nint tensor);

    [LibraryImport(Library, EntryPoint = "vt_tensor_storage_offset"), SuppressGCTransition]
    internal static partial long TensorStorageOffset(nint tensor);

    /// <summary>The first element; null for a tensor without elements too, so zero is not always an error.</summary>
    [LibraryImport(Library, EntryPoint = "vt_tensor_data")]
    internal static partial void* TensorData(nint tensor);

    [LibraryImport(Library, EntryPoint = "vt_tensor_requires_grad"), SuppressGCTransition]
    internal static partial int TensorRequiresGrad(nint tensor);

    [LibraryImport(Library, EntryPoint = "vt_tensor_set_requires_grad")]
    internal static partial int TensorSetRequiresGrad(nint tensor, int requiresGrad);

    [LibraryImport(Library, EntryPoint = "vt_tensor_is_leaf"), SuppressGCTransition]
    internal static partial int TensorIsLeaf(nint tensor);

    /// <summary>Zero where no gradient was gathered.</summary>
    [LibraryImport(Library, EntryPoint = "vt_tensor_grad")]
    internal static partial nint TensorGrad(nint tensor);

    [LibraryImport(Library, EntryPoint = "vt_tensor_clear_grad")]
    internal static partial int TensorClearGrad(nint tensor);

    /// <summary>Writes one handle for each input; zero for an input that was not used.</summary>
    [LibraryImport(Library, EntryPoint = "vt_autograd_grad")]
    internal static partial int AutogradGrad(
        nint* outputs, int outputCount, nint* inputs, int inputCount, nint* gradOutputs, int gradOutputCount,
        int retainGraph, int createGraph, int allowUnused, nint* results);

    [LibraryImport(Library, EntryPoint = "vt_autograd_backward")]
    internal static partial int AutogradBackward(
        nint* tensors, int tensorCount, nint* gradTensors, int gradTensorCount,
        int retainGraph, int createGraph, nint* inputs, int inputCount);

    [LibraryImport(Library, EntryPoint = "vt_grad_mode_enabled")]
    internal static partial int GradModeEnabled();

    [LibraryImport(Library, EntryPoint = "vt_grad_mode_set")]
    internal static partial void GradModeSet(int enabled);

    [LibraryImport(Library, EntryPoint = "vt_inference_mode_enabled")]
    internal static partial int InferenceModeEnabled();

    /// <summary>A guard of this thread, ended by <see cref="InferenceModeLeave"/> on the same thread.</summary>
    [LibraryImport(Library, EntryPoint = "vt_inference_mode_enter")]
    internal static partial nint InferenceModeEnter(int enabled);

    [LibraryImport(Library, EntryPoint = "vt_inference_mode_leave")]
    internal static partial void InferenceModeLeave(nint guard);

    [LibraryImport(Library, EntryPoint = "vt_threads_get")]
    internal static partial int ThreadsGet();

    [LibraryImport(Library, EntryPoint = "vt_threads_set")]
    internal static partial int ThreadsSet(int count);

    [LibraryImport(Library, EntryPoint = "vt_interop_threads_get")]
    internal static partial int InteropThreadsGet();

    [LibraryImport(Library, EntryPoint = "vt_interop_threads_set")]
    internal static partial int InteropThreadsSet(int count);

    /// <summary>Zero where libtorch has no CUDA.</summary>
    [LibraryImport(Library, EntryPoint = "vt_cuda_device_count")]
    internal static partial int CudaDeviceCount();

    [LibraryImport(Library, EntryPoint = "vt_cuda_synchronize")]
    internal static partial int CudaSynchronize(int deviceIndex);

    [LibraryImport(Library, EntryPoint = "vt_generator_default")]
    internal static partial nint GeneratorDefault();

    [LibraryImport(Library, EntryPoint = "vt_generator_new")]
    internal static partial nint GeneratorNew(ulong seed, int deviceType, int deviceIndex);

    [LibraryImport(Library, EntryPoint = "vt_generator_free")]
    internal static partial void GeneratorFree(nint generator);

    [LibraryImport(Library, EntryPoint = "vt_generator_set_seed")]
    internal static partial int GeneratorSetSeed(nint generator, ulong seed);

    [LibraryImport(Library, EntryPoint = "vt_generator_initial_seed")]
    internal static partial ulong GeneratorInitialSeed(nint generator);

    /// <summary>Draws a new seed from the machine, sets it and returns it.</summary>
    [LibraryImport(Library, EntryPoint = "vt_generator_seed")]
    internal static partial ulong GeneratorSeed(nint generator);

    [LibraryImport(Library, EntryPoint = "vt_manual_seed")]
    internal static partial int ManualSeed(ulong seed);
}
