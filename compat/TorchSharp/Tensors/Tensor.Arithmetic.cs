using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // Arithmetic between tensors and with numbers.
    public partial class Tensor
    {
        public Tensor add(Tensor target) => Aten.AddTensor.Call(this, target);

        public Tensor add(Scalar scalar) => Aten.AddScalar.Call(this, scalar);

        public Tensor add(Tensor target, Scalar alpha) => Aten.AddTensor.Call(this, target, alpha);

        public Tensor add(Scalar scalar, Scalar alpha) => Aten.AddScalar.Call(this, scalar, alpha);

        public Tensor add_(Tensor target) => Aten.AddTensor_.Update(this, target);

        public Tensor add_(Scalar scalar) => Aten.AddScalar_.Update(this, scalar);

        public Tensor add_(Tensor target, Scalar alpha) => Aten.AddTensor_.Update(this, target, alpha);

        public Tensor add_(Scalar scalar, Scalar alpha) => Aten.AddScalar_.Update(this, scalar, alpha);

        public Tensor sub(Tensor target) => Aten.SubTensor.Call(this, target);

        public Tensor sub(Scalar target) => Aten.SubScalar.Call(this, target);

        public Tensor sub_(Tensor target) => Aten.SubTensor_.Update(this, target);

        public Tensor sub_(Scalar target) => Aten.SubScalar_.Update(this, target);

        public Tensor subtract(Tensor target) => sub(target);

        public Tensor subtract(Scalar target) => sub(target);

        public Tensor subtract_(Tensor target) => sub_(target);

        public Tensor subtract_(Scalar target) => sub_(target);

        public Tensor multiply(Tensor target) => mul(target);

        public Tensor multiply(Scalar target) => mul(target);

        public Tensor mul(Tensor target) => Aten.MulTensor.Call(this, target);

        public Tensor mul(Scalar target) => Aten.MulScalar.Call(this, target);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.DivTensorMode.Call(this, target, Name(rounding_mode));

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.DivScalarMode.Call(this, target, Name(rounding_mode));

        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor remainder(Tensor target) => Aten.RemainderTensor.Call(this, target);

        public Tensor remainder(Scalar scalar) => Aten.RemainderScalar.Call(this, scalar);

        public Tensor pow(Tensor exponent) => Aten.PowTensorTensor.Call(this, exponent);

        public Tensor pow(Scalar exponent) => Aten.PowTensorScalar.Call(this, exponent);

        public Tensor mul_(Tensor target) => Aten.MulTensor_.Update(this, target);

        public Tensor mul_(Scalar target) => Aten.MulScalar_.Update(this, target);

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.DivTensorMode_.Update(this, target, Name(rounding_mode));

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.DivScalarMode_.Update(this, target, Name(rounding_mode));

        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);

        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);

        public Tensor remainder_(Tensor target) => Aten.RemainderTensor_.Update(this, target);

        public Tensor remainder_(Scalar scalar) => Aten.RemainderScalar_.Update(this, scalar);

        public Tensor pow_(Tensor exponent) => Aten.PowTensor_.Update(this, exponent);

        public Tensor pow_(Scalar exponent) => Aten.PowScalar_.Update(this, exponent);

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.Addcmul.Call(this, tensor1, tensor2, value);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.Addcmul_.Update(this, tensor1, tensor2, value);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Aten.Addcdiv.Call(this, tensor1, tensor2);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.Addcdiv.Call(this, tensor1, tensor2, value);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => Aten.Addcdiv_.Update(this, tensor1, tensor2);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.Addcdiv_.Update(this, tensor1, tensor2, value);

        public Tensor lerp(Tensor end, Tensor weight) => Aten.LerpTensor.Call(this, end, weight);

        public Tensor lerp_(Tensor end, Tensor weight) => Aten.LerpTensor_.Update(this, end, weight);

        public Tensor maximum(Tensor other) => Aten.Maximum.Call(this, other);

        public Tensor minimum(Tensor other) => Aten.Minimum.Call(this, other);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Aten.Clamp.Call(this, min, max);

        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Aten.ClampTensor.Call(this, min, max);

        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Aten.Clamp_.Update(this, min, max);

        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Aten.ClampTensor_.Update(this, min, max);

        public Tensor clamp_max(Scalar max) => Aten.ClampMax.Call(this, max);

        public Tensor clamp_min(Scalar min) => Aten.ClampMin.Call(this, min);

        public Tensor clamp_max_(Scalar max) => Aten.ClampMax_.Update(this, max);

        public Tensor clamp_min_(Scalar min) => Aten.ClampMin_.Update(this, min);

        public Tensor atan2(Tensor other) => Aten.Atan2.Call(this, other);

        public Tensor logaddexp(Tensor other) => Aten.Logaddexp.Call(this, other);

        public Tensor xlogy(Tensor y) => Aten.XlogyTensor.Call(this, y);
    }
}
