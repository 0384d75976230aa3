// A small C ABI over libtorch.
//
// Conventions, for every function:
//  * A tensor handle is an `at::Tensor*` that the caller owns and gives back to vt_tensor_free. Null means
//    "no tensor" (an undefined at::Tensor is always returned as null).
//  * A function that can fail returns VT_ERROR (or null where it returns a handle); vt_last_error then holds the
//    first line of libtorch's message for this thread, until the next failure on the same thread.
//  * No exception crosses this boundary.
#pragma once

#include <cstdint>

#define VT_API extern "C" __attribute__((visibility("default")))

namespace at { class Tensor; }

using vt_tensor = at::Tensor*;

constexpr int32_t VT_OK = 0;
constexpr int32_t VT_ERROR = -1;

// How an argument of an operator is written in the stream of words that vt_operator_call reads: the tag, then the
// words named here. A double is written as its bits. Kept in step with Native/ArgumentTag.cs.
enum vt_tag : int64_t {
    VT_NONE = 0,                   //
    VT_TENSOR = 1,                 // handle
    VT_INT = 2,                    // value
    VT_DOUBLE = 3,                 // bits
    VT_BOOL = 4,                   // 0 or 1
    VT_INT_LIST = 5,               // count, values
    VT_DOUBLE_LIST = 6,            // count, bits
    VT_TENSOR_LIST = 7,            // count, handles
    VT_OPTIONAL_TENSOR_LIST = 8,   // count, handles or 0
    VT_STRING = 9,                 // count of bytes, the bytes padded to whole words
    VT_DEVICE = 10,                // type, index
    VT_GENERATOR = 11,             // handle
};

// --- errors -----------------------------------------------------------------------------------------------------
VT_API const char* vt_last_error();

// --- operators (dispatch.cpp) -----------------------------------------------------------------------------------
// Finds an operator by its schema name ("aten::add") and overload name ("Tensor" or ""). Never freed.
VT_API void* vt_operator_find(const char* name, const char* overload);
// Calls it. Trailing arguments that are not given take the defaults of the schema. Each result is one word: a tensor
// handle (the elements of a tensor list one after another), an integer, a bool, or the bits of a double.
// `capacity` 0 drops the results, which is what an in-place operator wants. Returns how many words were written.
VT_API int32_t vt_operator_call(void* op, const int64_t* words, int32_t argument_count, int64_t* results, int32_t capacity);

// --- tensors (tensors.cpp) --------------------------------------------------------------------------------------
VT_API void vt_tensor_free(vt_tensor tensor);
VT_API int64_t vt_tensor_live_count();
// Wraps `data`, which stays the caller's memory; release(context) is called when libtorch no longer needs it.
VT_API vt_tensor vt_tensor_from_blob(void* data, void (*release)(void*), void* context, const int64_t* sizes, int32_t rank, int32_t scalar_type);
VT_API vt_tensor vt_tensor_alias(vt_tensor tensor);
VT_API int64_t vt_tensor_dim(vt_tensor tensor);
VT_API int64_t vt_tensor_numel(vt_tensor tensor);
VT_API int64_t vt_tensor_element_size(vt_tensor tensor);
VT_API int32_t vt_tensor_scalar_type(vt_tensor tensor);
VT_API int32_t vt_tensor_device_type(vt_tensor tensor);
VT_API int32_t vt_tensor_device_index(vt_tensor tensor);
VT_API int32_t vt_tensor_sizes(vt_tensor tensor, int64_t* sizes);
VT_API int32_t vt_tensor_strides(vt_tensor tensor, int64_t* strides);
VT_API int32_t vt_tensor_is_contiguous(vt_tensor tensor);
VT_API int64_t vt_tensor_storage_offset(vt_tensor tensor);
VT_API void* vt_tensor_data(vt_tensor tensor);
VT_API int32_t vt_tensor_requires_grad(vt_tensor tensor);
VT_API int32_t vt_tensor_set_requires_grad(vt_tensor tensor, int32_t requires_grad);
VT_API int32_t vt_tensor_is_leaf(vt_tensor tensor);
// The gradient that vt_autograd_backward gathered; null where there is none.
VT_API vt_tensor vt_tensor_grad(vt_tensor tensor);
VT_API int32_t vt_tensor_clear_grad(vt_tensor tensor);

// --- autograd, threads, random numbers, devices (runtime.cpp) ----------------------------------------------------
VT_API int32_t vt_autograd_grad(
    const vt_tensor* outputs, int32_t output_count, const vt_tensor* inputs, int32_t input_count,
    const vt_tensor* grad_outputs, int32_t grad_output_count,
    int32_t retain_graph, int32_t create_graph, int32_t allow_unused, vt_tensor* results);
VT_API int32_t vt_autograd_backward(
    const vt_tensor* tensors, int32_t tensor_count, const vt_tensor* grad_tensors, int32_t grad_tensor_count,
    int32_t retain_graph, int32_t create_graph, const vt_tensor* inputs, int32_t input_count);
VT_API int32_t vt_grad_mode_enabled();
VT_API void vt_grad_mode_set(int32_t enabled);
VT_API int32_t vt_inference_mode_enabled();
VT_API void* vt_inference_mode_enter(int32_t enabled);
VT_API void vt_inference_mode_leave(void* guard);
VT_API int32_t vt_threads_get();
VT_API int32_t vt_threads_set(int32_t count);
VT_API int32_t vt_interop_threads_get();
VT_API int32_t vt_interop_threads_set(int32_t count);
VT_API int32_t vt_cuda_device_count();
VT_API int32_t vt_cuda_synchronize(int32_t device_index);
VT_API void* vt_generator_default();
VT_API void* vt_generator_new(uint64_t seed, int32_t device_type, int32_t device_index);
VT_API void vt_generator_free(void* generator);
VT_API int32_t vt_generator_set_seed(void* generator, uint64_t seed);
VT_API uint64_t vt_generator_initial_seed(void* generator);
VT_API uint64_t vt_generator_seed(void* generator);
VT_API int32_t vt_manual_seed(uint64_t seed);
