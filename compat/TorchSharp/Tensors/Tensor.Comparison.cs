using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // Comparisons, logic and choice.
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => Aten.EqTensor.Call(this, target);

        public Tensor eq_(Tensor target) => Aten.EqTensor_.Update(this, target);

        public Tensor eq(Scalar target) => Aten.EqScalar.Call(this, target);

        public Tensor eq_(Scalar target) => Aten.EqScalar_.Update(this, target);

        public Tensor ne(Tensor target) => Aten.NeTensor.Call(this, target);

        public Tensor ne_(Tensor target) => Aten.NeTensor_.Update(this, target);

        public Tensor ne(Scalar target) => Aten.NeScalar.Call(this, target);

        public Tensor ne_(Scalar target) => Aten.NeScalar_.Update(this, target);

        public Tensor lt(Tensor target) => Aten.LtTensor.Call(this, target);

        public Tensor lt_(Tensor target) => Aten.LtTensor_.Update(this, target);

        public Tensor lt(Scalar target) => Aten.LtScalar.Call(this, target);

        public Tensor lt_(Scalar target) => Aten.LtScalar_.Update(this, target);

        public Tensor le(Tensor target) => Aten.LeTensor.Call(this, target);

        public Tensor le_(Tensor target) => Aten.LeTensor_.Update(this, target);

        public Tensor le(Scalar target) => Aten.LeScalar.Call(this, target);

        public Tensor le_(Scalar target) => Aten.LeScalar_.Update(this, target);

        public Tensor gt(Tensor target) => Aten.GtTensor.Call(this, target);

        public Tensor gt_(Tensor target) => Aten.GtTensor_.Update(this, target);

        public Tensor gt(Scalar target) => Aten.GtScalar.Call(this, target);

        public Tensor gt_(Scalar target) => Aten.GtScalar_.Update(this, target);

        public Tensor ge(Tensor target) => Aten.GeTensor.Call(this, target);

        public Tensor ge_(Tensor target) => Aten.GeTensor_.Update(this, target);

        public Tensor ge(Scalar target) => Aten.GeScalar.Call(this, target);

        public Tensor ge_(Scalar target) => Aten.GeScalar_.Update(this, target);

        public Tensor less(Tensor target) => lt(target);

        public Tensor less_equal(Tensor target) => le(target);

        public Tensor greater(Tensor target) => gt(target);

        public Tensor greater_equal(Tensor target) => ge(target);

        public Tensor not_equal(Tensor target) => ne(target);

        public Tensor logical_and(Tensor other) => Aten.LogicalAnd.Call(this, other);

        public Tensor logical_and_(Tensor other) => Aten.LogicalAnd_.Update(this, other);

        public Tensor logical_or(Tensor other) => Aten.LogicalOr.Call(this, other);

        public Tensor logical_or_(Tensor other) => Aten.LogicalOr_.Update(this, other);

        public Tensor logical_xor(Tensor other) => Aten.LogicalXor.Call(this, other);

        public Tensor logical_xor_(Tensor other) => Aten.LogicalXor_.Update(this, other);

        public Tensor logical_not() => Aten.LogicalNot.Call(this);

        public Tensor logical_not_() => Aten.LogicalNot_.Update(this);

        public Tensor bitwise_and(Tensor other) => Aten.BitwiseAndTensor.Call(this, other);

        public Tensor bitwise_or(Tensor other) => Aten.BitwiseOrTensor.Call(this, other);

        public Tensor bitwise_xor(Tensor other) => Aten.BitwiseXorTensor.Call(this, other);

        public Tensor bitwise_not() => Aten.BitwiseNot.Call(this);

        public Tensor isfinite() => Aten.Isfinite.Call(this);

        public Tensor isinf() => Aten.Isinf.Call(this);

        public Tensor isnan() => Aten.Isnan.Call(this);

        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
            Aten.Isclose.Call(this, other, rtol, atol, nanEqual);

        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            Aten.Allclose.CallWord(this, target, rtol, atol, equal_nan) != 0;

        public Tensor where(Tensor condition, Tensor y) => Aten.WhereSelf.Call(condition, this, y);
    }
}
