namespace VaeCluster.Training.Inference;

/// <summary>Quantiles of the standard normal distribution: the rational approximations of Wichura 1988 (AS 241, PPND16), good to about 16 digits.</summary>
public static class NormalQuantile
{
    private static ReadOnlySpan<double> CentreTop =>
        [
            3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4, 4.5921953931549871457e4,
            6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
        ];

    private static ReadOnlySpan<double> CentreBottom =>
        [
            1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4, 3.9307895800092710610e4,
            2.8729085735721942674e4, 5.2264952788528545610e3,
        ];

    private static ReadOnlySpan<double> TailTop =>
        [
            1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
            1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
        ];

    private static ReadOnlySpan<double> TailBottom =>
        [
            1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
            1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
        ];

    /// <summary>The value below which a share of the distribution lies.</summary>
    /// <param name="share">From 1e-10 to 1 - 1e-10; farther out other approximations would be needed, and nobody asks.</param>
    public static double At(double share)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(share, 1e-10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1 - 1e-10);
        var offset = share - 0.5;
        if (Math.Abs(offset) <= 0.425)
        {
            var r = 0.180625 - (offset * offset);
            return offset * Polynomial(r, CentreTop) / Polynomial(r, CentreBottom);
        }
        var tail = Math.Sqrt(-Math.Log(Math.Min(share, 1 - share))) - 1.6;
        var value = Polynomial(tail, TailTop) / Polynomial(tail, TailBottom);
        return offset < 0 ? -value : value;
    }

    private static double Polynomial(double x, ReadOnlySpan<double> coefficients)
    {
        var value = coefficients[^1];
        for (var i = coefficients.Length - 2; i >= 0; i--)
            value = (value * x) + coefficients[i];
        return value;
    }
}
