// Keeps C++ exceptions on this side of the boundary. Included by the sources only.
#pragma once

#include "vaecluster_torch.h"

#include <c10/util/Exception.h>

#include <exception>

namespace vt {

// Remembers the first line of the message for vt_last_error.
void set_error(const char* message) noexcept;

// Runs `body`; on an exception remembers its message and returns `failure`.
template <typename Result, typename Body>
Result guarded(Result failure, Body&& body) noexcept {
    try {
        return body();
    } catch (const c10::Error& error) {
        set_error(error.what_without_backtrace());
    } catch (const std::exception& error) {
        set_error(error.what());
    } catch (...) {
        set_error("libtorch threw something that is not an exception");
    }
    return failure;
}

// A new handle, counted; null for an undefined tensor.
vt_tensor make_handle(const at::Tensor& tensor);

}  // namespace vt
