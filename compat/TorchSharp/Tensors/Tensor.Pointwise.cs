using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // Functions of each element.
    public partial class Tensor
    {
        public Tensor abs() => Aten.Abs.Call(this);

        public Tensor abs_() => Aten.Abs_.Update(this);

        public Tensor neg() => Aten.Neg.Call(this);

        public Tensor neg_() => Aten.Neg_.Update(this);

        public Tensor square() => Aten.Square.Call(this);

        public Tensor sqrt() => Aten.Sqrt.Call(this);

        public Tensor sqrt_() => Aten.Sqrt_.Update(this);

        public Tensor rsqrt() => Aten.Rsqrt.Call(this);

        public Tensor rsqrt_() => Aten.Rsqrt_.Update(this);

        public Tensor reciprocal() => Aten.Reciprocal.Call(this);

        public Tensor reciprocal_() => Aten.Reciprocal_.Update(this);

        public Tensor exp() => Aten.Exp.Call(this);

        public Tensor exp_() => Aten.Exp_.Update(this);

        public Tensor exp2() => Aten.Exp2.Call(this);

        public Tensor expm1() => Aten.Expm1.Call(this);

        public Tensor expm1_() => Aten.Expm1_.Update(this);

        public Tensor log() => Aten.Log.Call(this);

        public Tensor log_() => Aten.Log_.Update(this);

        public Tensor log1p() => Aten.Log1p.Call(this);

        public Tensor log1p_() => Aten.Log1p_.Update(this);

        public Tensor log2() => Aten.Log2.Call(this);

        public Tensor log2_() => Aten.Log2_.Update(this);

        public Tensor log10() => Aten.Log10.Call(this);

        public Tensor log10_() => Aten.Log10_.Update(this);

        public Tensor erf() => Aten.Erf.Call(this);

        public Tensor erf_() => Aten.Erf_.Update(this);

        public Tensor erfc() => Aten.Erfc.Call(this);

        public Tensor erfc_() => Aten.Erfc_.Update(this);

        public Tensor erfinv() => Aten.Erfinv.Call(this);

        public Tensor erfinv_() => Aten.Erfinv_.Update(this);

        public Tensor sin() => Aten.Sin.Call(this);

        public Tensor sin_() => Aten.Sin_.Update(this);

        public Tensor cos() => Aten.Cos.Call(this);

        public Tensor cos_() => Aten.Cos_.Update(this);

        public Tensor tan() => Aten.Tan.Call(this);

        public Tensor tan_() => Aten.Tan_.Update(this);

        public Tensor asin() => Aten.Asin.Call(this);

        public Tensor asin_() => Aten.Asin_.Update(this);

        public Tensor acos() => Aten.Acos.Call(this);

        public Tensor acos_() => Aten.Acos_.Update(this);

        public Tensor atan() => Aten.Atan.Call(this);

        public Tensor atan_() => Aten.Atan_.Update(this);

        public Tensor sinh() => Aten.Sinh.Call(this);

        public Tensor sinh_() => Aten.Sinh_.Update(this);

        public Tensor cosh() => Aten.Cosh.Call(this);

        public Tensor cosh_() => Aten.Cosh_.Update(this);

        public Tensor tanh() => Aten.Tanh.Call(this);

        public Tensor tanh_() => Aten.Tanh_.Update(this);

        public Tensor sign() => Aten.Sign.Call(this);

        public Tensor sign_() => Aten.Sign_.Update(this);

        public Tensor floor() => Aten.Floor.Call(this);

        public Tensor floor_() => Aten.Floor_.Update(this);

        public Tensor ceil() => Aten.Ceil.Call(this);

        public Tensor ceil_() => Aten.Ceil_.Update(this);

        public Tensor trunc() => Aten.Trunc.Call(this);

        public Tensor trunc_() => Aten.Trunc_.Update(this);

        public Tensor frac() => Aten.Frac.Call(this);

        public Tensor frac_() => Aten.Frac_.Update(this);

        public Tensor lgamma() => Aten.Lgamma.Call(this);

        public Tensor lgamma_() => Aten.Lgamma_.Update(this);

        public Tensor digamma() => Aten.Digamma.Call(this);

        public Tensor digamma_() => Aten.Digamma_.Update(this);

        public Tensor sigmoid() => Aten.Sigmoid.Call(this);

        public Tensor sigmoid_() => Aten.Sigmoid_.Update(this);

        public Tensor round(long decimals = 0) => Aten.RoundDecimals.Call(this, decimals);

        public Tensor round_(long decimals = 0) => Aten.RoundDecimals_.Update(this, decimals);

        public Tensor negative() => neg();
    }
}
