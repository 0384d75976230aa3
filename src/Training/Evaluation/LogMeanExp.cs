namespace VaeCluster.Training.Evaluation;

/// <summary>
/// log 1/n sum_i exp(v_i) of values that come one after the other. The greatest so far is kept apart, so that no exponential overflows and those that
/// vanish are the ones that do not count.
/// </summary>
public struct LogMeanExp
{
    private double _greatest;
    private double _sum;
    private long _count;

    /// <summary>The value of none.</summary>
    public LogMeanExp() => _greatest = double.NegativeInfinity;

    /// <summary>Of all values that came; negative infinity of none, and of such alone.</summary>
    public readonly double Value => _count == 0 || double.IsNegativeInfinity(_greatest) ? double.NegativeInfinity : _greatest + Math.Log(_sum / _count);

    /// <summary>Takes a value.</summary>
    public void Add(double value)
    {
        _count++;
        if (value > _greatest)
        {
            // The first time the sum is 0, whatever the factor; but infinity less infinity is no number.
            _sum = (_sum == 0 ? 0 : _sum * Math.Exp(_greatest - value)) + 1;
            _greatest = value;
        }
        else if (!double.IsNegativeInfinity(value))
        {
            _sum += Math.Exp(value - _greatest);
        }
    }
}
