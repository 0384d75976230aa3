#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

// libtorch before 2 computes a transposed convolution on the CPU without oneDNN, at half the pace or less. But its forward is the gradient of a
// convolution with respect to its input, its gradient with respect to the input is that convolution, and the one with respect to the weight is the
// convolution's with the two images exchanged; and all three go through oneDNN. So this operator says it that way, where oneDNN can help.
namespace {

using at::IntArrayRef;
using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

Tensor no_bias() { return {}; }

struct Transposed : torch::autograd::Function<Transposed> {
    static Variable forward(AutogradContext* context, Variable input, Variable weight, std::vector<int64_t> size, std::vector<int64_t> stride,
                            std::vector<int64_t> padding, std::vector<int64_t> dilation, int64_t groups) {
        context->save_for_backward({input, weight});
        context->saved_data["stride"] = stride;
        context->saved_data["padding"] = padding;
        context->saved_data["dilation"] = dilation;
        context->saved_data["groups"] = groups;
        const Tensor shape = at::empty(size, input.options());
        return std::get<0>(at::convolution_backward(input, shape, weight, c10::nullopt, stride, padding, dilation, false, {0, 0}, groups, {true, false, false}));
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const Tensor input = saved[0], weight = saved[1], upstream = gradients[0].contiguous();
        const auto stride = context->saved_data["stride"].toIntVector(), padding = context->saved_data["padding"].toIntVector();
        const auto dilation = context->saved_data["dilation"].toIntVector();
        const auto groups = context->saved_data["groups"].toInt();
        Tensor to_input, to_weight;
        if (context->needs_input_grad(0)) to_input = at::conv2d(upstream, weight, no_bias(), stride, padding, dilation, groups);
        if (context->needs_input_grad(1))
            to_weight = std::get<1>(at::convolution_backward(input, upstream, weight, c10::nullopt, stride, padding, dilation, false, {0, 0}, groups, {false, true, false}));
        return {to_input, to_weight, Variable(), Variable(), Variable(), Variable(), Variable()};
    }
};

bool is_served(const Tensor& input, const Tensor& weight) {
    return input.device().is_cpu() && input.scalar_type() == at::kFloat && weight.scalar_type() == at::kFloat && input.dim() == 4 &&
           weight.dim() == 4 && at::globalContext().userEnabledMkldnn();
}

Tensor conv_transpose2d(const Tensor& input, const Tensor& weight, const c10::optional<Tensor>& bias, IntArrayRef stride, IntArrayRef padding,
                        IntArrayRef output_padding, int64_t groups, IntArrayRef dilation) {
    if (!is_served(input, weight)) return at::conv_transpose2d(input, weight, bias, stride, padding, output_padding, groups, dilation);
    TORCH_CHECK(input.size(1) == weight.size(0), "expected ", weight.size(0), " channels, but the input has ", input.size(1));
    std::vector<int64_t> size = {input.size(0), weight.size(1) * groups};
    for (int side = 0; side < 2; ++side)
        size.push_back((input.size(2 + side) - 1) * stride[side] - 2 * padding[side] + dilation[side] * (weight.size(2 + side) - 1) + output_padding[side] + 1);
    Tensor output = Transposed::apply(input.contiguous(), weight.contiguous(), size, stride.vec(), padding.vec(), dilation.vec(), groups);
    return bias.has_value() && bias->defined() ? output + bias->view({1, -1, 1, 1}) : output;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(vaecluster, library) {
    library.def("conv_transpose2d(Tensor input, Tensor weight, Tensor? bias, int[2] stride, int[2] padding, int[2] output_padding, int groups, int[2] dilation) -> Tensor");
    library.impl("conv_transpose2d", c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(conv_transpose2d));
}
