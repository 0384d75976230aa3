#include "guard.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/cuda.h>

#include <malloc.h>

#include <mutex>
#include <vector>

namespace {

// glibc maps a block above its mmap threshold (128 KiB) afresh each time and unmaps it when it is freed, and trims
// the heap behind it, so a training step pays a page fault for every 4 KiB of every activation: half of an untuned
// step. Keeping freed memory costs a high-water mark of resident memory, which a trainer reaches anyway.
__attribute__((constructor)) void keep_freed_memory() {
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 2040 << 20);
    mallopt(M_TOP_PAD, 64 << 20);
}

std::vector<at::Tensor> tensors_of(const vt_tensor* handles, int32_t count) {
    std::vector<at::Tensor> tensors;
    tensors.reserve(count);
    for (int32_t i = 0; i < count; ++i) tensors.push_back(handles[i] == nullptr ? at::Tensor() : *handles[i]);
    return tensors;
}

at::Generator& generator_of(void* handle) { return *static_cast<at::Generator*>(handle); }

}  // namespace

VT_API int32_t vt_autograd_grad(
    const vt_tensor* outputs, int32_t output_count, const vt_tensor* inputs, int32_t input_count,
    const vt_tensor* grad_outputs, int32_t grad_output_count,
    int32_t retain_graph, int32_t create_graph, int32_t allow_unused, vt_tensor* results) {
    return vt::guarded<int32_t>(VT_ERROR, [&] {
        const auto gradients = torch::autograd::grad(
            tensors_of(outputs, output_count), tensors_of(inputs, input_count), tensors_of(grad_outputs, grad_output_count),
            retain_graph != 0, create_graph != 0, allow_unused != 0);
        for (size_t i = 0; i < gradients.size(); ++i) results[i] = vt::make_handle(gradients[i]);
        return VT_OK;
    });
}

VT_API int32_t vt_autograd_backward(
    const vt_tensor* tensors, int32_t tensor_count, const vt_tensor* grad_tensors, int32_t grad_tensor_count,
    int32_t retain_graph, int32_t create_graph, const vt_tensor* inputs, int32_t input_count) {
    return vt::guarded<int32_t>(VT_ERROR, [&] {
        torch::autograd::backward(
            tensors_of(tensors, tensor_count), tensors_of(grad_tensors, grad_tensor_count),
            retain_graph != 0, create_graph != 0, tensors_of(inputs, input_count));
        return VT_OK;
    });
}

VT_API int32_t vt_grad_mode_enabled() { return c10::GradMode::is_enabled(); }
VT_API void vt_grad_mode_set(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }

VT_API int32_t vt_inference_mode_enabled() { return c10::InferenceMode::is_enabled(); }
VT_API void* vt_inference_mode_enter(int32_t enabled) { return new c10::InferenceMode(enabled != 0); }
VT_API void vt_inference_mode_leave(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

VT_API int32_t vt_threads_get() { return at::get_num_threads(); }
VT_API int32_t vt_threads_set(int32_t count) {
    return vt::guarded<int32_t>(VT_ERROR, [&] {
        at::set_num_threads(count);
        return VT_OK;
    });
}

VT_API int32_t vt_interop_threads_get() { return at::get_num_interop_threads(); }
VT_API int32_t vt_interop_threads_set(int32_t count) {
    return vt::guarded<int32_t>(VT_ERROR, [&] {
        at::set_num_interop_threads(count);
        return VT_OK;
    });
}

VT_API int32_t vt_cuda_device_count() {
    return vt::guarded<int32_t>(0, [] { return static_cast<int32_t>(torch::cuda::device_count()); });
}

VT_API int32_t vt_cuda_synchronize(int32_t device_index) {
    return vt::guarded<int32_t>(VT_ERROR, [&] {
        torch::cuda::synchronize(device_index);
        return VT_OK;
    });
}

VT_API void* vt_generator_default() {
    return vt::guarded<void*>(nullptr, [] { return static_cast<void*>(new at::Generator(at::detail::getDefaultCPUGenerator())); });
}

VT_API void* vt_generator_new(uint64_t seed, int32_t device_type, int32_t device_index) {
    return vt::guarded<void*>(nullptr, [&] {
        TORCH_CHECK(static_cast<c10::DeviceType>(device_type) == c10::DeviceType::CPU,
                    "a generator of its own is only to be had on the CPU; device type ", device_type, " was asked for");
        (void)device_index;
        return static_cast<void*>(new at::Generator(at::detail::createCPUGenerator(seed)));
    });
}

VT_API void vt_generator_free(void* generator) { delete static_cast<at::Generator*>(generator); }

VT_API int32_t vt_generator_set_seed(void* generator, uint64_t seed) {
    return vt::guarded<int32_t>(VT_ERROR, [&] {
        std::lock_guard<std::mutex> lock(generator_of(generator).mutex());
        generator_of(generator).set_current_seed(seed);
        return VT_OK;
    });
}

VT_API uint64_t vt_generator_initial_seed(void* generator) { return generator_of(generator).current_seed(); }

VT_API uint64_t vt_generator_seed(void* generator) {
    std::lock_guard<std::mutex> lock(generator_of(generator).mutex());
    return generator_of(generator).seed();
}

VT_API int32_t vt_manual_seed(uint64_t seed) {
    return vt::guarded<int32_t>(VT_ERROR, [&] {
        at::manual_seed(seed);
        return VT_OK;
    });
}
