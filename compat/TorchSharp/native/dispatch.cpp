#include "guard.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <cstring>
#include <string>
#include <utility>
#include <vector>

// One door to every operator of libtorch, by its schema. The dispatcher is what PyTorch itself calls, so autograd,
// every device and every libtorch version come for free, and no operator needs native code of its own.
namespace {

// c10::optional in older versions of libtorch, std::optional in newer ones.
template <typename T>
using Optional = decltype(std::declval<const c10::IValue&>().toOptional<T>());

struct Operator {
    c10::OperatorHandle handle;
    std::vector<Optional<c10::IValue>> defaults;
};

double double_of(int64_t bits) {
    double value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

int64_t bits_of(double value) {
    int64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

// Walks the words of a call and turns them into the dispatcher's values.
class ArgumentReader {
public:
    explicit ArgumentReader(const int64_t* words) : next_(words) {}

    c10::IValue read() {
        switch (*next_++) {
            case VT_NONE: return {};
            case VT_TENSOR: return *tensor(*next_++);
            case VT_INT: return *next_++;
            case VT_DOUBLE: return double_of(*next_++);
            case VT_BOOL: return *next_++ != 0;
            case VT_INT_LIST: return int_list();
            case VT_DOUBLE_LIST: return double_list();
            case VT_TENSOR_LIST: return tensor_list();
            case VT_OPTIONAL_TENSOR_LIST: return optional_tensor_list();
            case VT_STRING: return string();
            case VT_DEVICE: return device();
            case VT_GENERATOR: return *reinterpret_cast<at::Generator*>(*next_++);
            default: TORCH_CHECK(false, "unknown argument tag ", next_[-1]);
        }
    }

private:
    static vt_tensor tensor(int64_t word) { return reinterpret_cast<vt_tensor>(word); }

    c10::IValue int_list() {
        const int64_t count = *next_++;
        c10::List<int64_t> list;
        list.reserve(count);
        for (int64_t i = 0; i < count; ++i) list.push_back(*next_++);
        return list;
    }

    c10::IValue double_list() {
        const int64_t count = *next_++;
        c10::List<double> list;
        list.reserve(count);
        for (int64_t i = 0; i < count; ++i) list.push_back(double_of(*next_++));
        return list;
    }

    c10::IValue tensor_list() {
        const int64_t count = *next_++;
        c10::List<at::Tensor> list;
        list.reserve(count);
        for (int64_t i = 0; i < count; ++i) list.push_back(*tensor(*next_++));
        return list;
    }

    c10::IValue optional_tensor_list() {
        const int64_t count = *next_++;
        c10::List<Optional<at::Tensor>> list;
        list.reserve(count);
        for (int64_t i = 0; i < count; ++i) {
            const int64_t word = *next_++;
            list.push_back(word == 0 ? Optional<at::Tensor>() : *tensor(word));
        }
        return list;
    }

    c10::IValue string() {
        const int64_t length = *next_++;
        std::string value(reinterpret_cast<const char*>(next_), static_cast<size_t>(length));
        next_ += (length + 7) / 8;
        return value;
    }

    c10::IValue device() {
        const auto type = static_cast<c10::DeviceType>(*next_++);
        return c10::Device(type, static_cast<c10::DeviceIndex>(*next_++));
    }

    const int64_t* next_;
};

// Writes one result; a list of tensors becomes one word for each.
void append(std::vector<int64_t>& words, const c10::IValue& value) {
    if (value.isTensor()) {
        words.push_back(reinterpret_cast<int64_t>(vt::make_handle(value.toTensor())));
    } else if (value.isTensorList()) {
        for (const at::Tensor& tensor : value.toTensorVector())
            words.push_back(reinterpret_cast<int64_t>(vt::make_handle(tensor)));
    } else if (value.isDouble()) {
        words.push_back(bits_of(value.toDouble()));
    } else if (value.isBool()) {
        words.push_back(value.toBool());
    } else {
        words.push_back(value.toInt());
    }
}

int64_t word_count(const c10::Stack& stack) {
    int64_t count = 0;
    for (const c10::IValue& value : stack) count += value.isTensorList() ? value.toTensorList().size() : 1;
    return count;
}

}  // namespace

VT_API void* vt_operator_find(const char* name, const char* overload) {
    return vt::guarded<void*>(nullptr, [&] {
        auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
        auto* found = new Operator{handle, {}};
        for (const auto& argument : handle.schema().arguments()) found->defaults.push_back(argument.default_value());
        return static_cast<void*>(found);
    });
}

VT_API int32_t vt_operator_call(void* op, const int64_t* words, int32_t argument_count, int64_t* results, int32_t capacity) {
    return vt::guarded<int32_t>(VT_ERROR, [&] {
        const auto& called = *static_cast<const Operator*>(op);
        const auto& name = called.handle.schema().name();
        TORCH_CHECK(static_cast<size_t>(argument_count) <= called.defaults.size(), name, " takes at most ",
                    called.defaults.size(), " arguments, but ", argument_count, " were given");

        c10::Stack stack;
        stack.reserve(called.defaults.size());
        ArgumentReader reader(words);
        for (int32_t i = 0; i < argument_count; ++i) stack.push_back(reader.read());
        for (size_t i = argument_count; i < called.defaults.size(); ++i) {
            TORCH_CHECK(called.defaults[i].has_value(), name, ": argument ", i, " is not given and has no default");
            stack.push_back(*called.defaults[i]);
        }

        called.handle.callBoxed(stack);

        if (capacity == 0) return VT_OK;
        // Checked before any handle is made, so that a refusal leaks none.
        TORCH_CHECK(word_count(stack) <= capacity, name, " gave ", word_count(stack), " results where at most ", capacity, " were expected");
        std::vector<int64_t> written;
        for (const c10::IValue& value : stack) append(written, value);
        std::memcpy(results, written.data(), written.size() * sizeof(int64_t));
        return static_cast<int32_t>(written.size());
    });
}
