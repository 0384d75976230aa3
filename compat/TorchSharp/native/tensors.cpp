#include "guard.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <atomic>
#include <string>

namespace {

thread_local std::string last_error;
std::atomic<int64_t> live_tensors{0};

}  // namespace

void vt::set_error(const char* message) noexcept {
    // The lines that follow the first are a C++ backtrace or a suggestion for Python.
    const std::string text(message);
    last_error = text.substr(0, text.find('\n'));
}

vt_tensor vt::make_handle(const at::Tensor& tensor) {
    if (!tensor.defined()) return nullptr;
    auto* handle = new at::Tensor(tensor);
    live_tensors.fetch_add(1, std::memory_order_relaxed);
    return handle;
}

VT_API const char* vt_last_error() { return last_error.c_str(); }

VT_API int64_t vt_tensor_live_count() { return live_tensors.load(std::memory_order_relaxed); }

VT_API void vt_tensor_free(vt_tensor tensor) {
    if (tensor == nullptr) return;
    delete tensor;
    live_tensors.fetch_sub(1, std::memory_order_relaxed);
}

VT_API vt_tensor vt_tensor_from_blob(void* data, void (*release)(void*), void* context, const int64_t* sizes, int32_t rank, int32_t scalar_type) {
    return vt::guarded<vt_tensor>(nullptr, [&] {
        const auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(scalar_type));
        return vt::make_handle(at::from_blob(
            data, at::IntArrayRef(sizes, rank), [release, context](void*) { release(context); }, options));
    });
}

VT_API vt_tensor vt_tensor_alias(vt_tensor tensor) {
    return vt::guarded<vt_tensor>(nullptr, [&] { return vt::make_handle(*tensor); });
}

VT_API int64_t vt_tensor_dim(vt_tensor tensor) { return tensor->dim(); }
VT_API int64_t vt_tensor_numel(vt_tensor tensor) { return tensor->numel(); }
VT_API int64_t vt_tensor_element_size(vt_tensor tensor) { return static_cast<int64_t>(tensor->element_size()); }
VT_API int32_t vt_tensor_scalar_type(vt_tensor tensor) { return static_cast<int32_t>(tensor->scalar_type()); }
VT_API int32_t vt_tensor_device_type(vt_tensor tensor) { return static_cast<int32_t>(tensor->device().type()); }
VT_API int32_t vt_tensor_device_index(vt_tensor tensor) { return tensor->device().index(); }
VT_API int32_t vt_tensor_is_contiguous(vt_tensor tensor) { return tensor->is_contiguous(); }
VT_API int64_t vt_tensor_storage_offset(vt_tensor tensor) { return tensor->storage_offset(); }
VT_API int32_t vt_tensor_requires_grad(vt_tensor tensor) { return tensor->requires_grad(); }
VT_API int32_t vt_tensor_is_leaf(vt_tensor tensor) { return tensor->is_leaf(); }

VT_API int32_t vt_tensor_sizes(vt_tensor tensor, int64_t* sizes) {
    const auto from = tensor->sizes();
    std::copy(from.begin(), from.end(), sizes);
    return VT_OK;
}

VT_API int32_t vt_tensor_strides(vt_tensor tensor, int64_t* strides) {
    return vt::guarded<int32_t>(VT_ERROR, [&] {
        const auto from = tensor->strides();
        std::copy(from.begin(), from.end(), strides);
        return VT_OK;
    });
}

VT_API void* vt_tensor_data(vt_tensor tensor) {
    return vt::guarded<void*>(nullptr, [&] { return tensor->data_ptr(); });
}

VT_API int32_t vt_tensor_set_requires_grad(vt_tensor tensor, int32_t requires_grad) {
    return vt::guarded<int32_t>(VT_ERROR, [&] {
        tensor->set_requires_grad(requires_grad != 0);
        return VT_OK;
    });
}

VT_API vt_tensor vt_tensor_grad(vt_tensor tensor) {
    return vt::guarded<vt_tensor>(nullptr, [&] { return vt::make_handle(tensor->grad()); });
}

VT_API int32_t vt_tensor_clear_grad(vt_tensor tensor) {
    return vt::guarded<int32_t>(VT_ERROR, [&] {
        tensor->mutable_grad().reset();
        return VT_OK;
    });
}
