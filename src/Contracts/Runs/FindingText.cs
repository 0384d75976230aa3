namespace VaeCluster.Contracts.Runs;

/// <summary>A finding of an audit as text, the same in the command line and in conditions.</summary>
public static class FindingText
{
    /// <summary>One sentence: <c>line 5, step 4: the epoch is 2; expected 1.</c></summary>
    /// <param name="line">The line of the ledger, counted from 1; 0 when it is not about a line.</param>
    /// <param name="step">The step, counted from 1; 0 when it is not about a step.</param>
    /// <param name="what">What it is about.</param>
    /// <param name="found">What was found.</param>
    /// <param name="expected">What it must be.</param>
    public static string Of(long line, long step, string what, string found, string expected)
    {
        var place = (line, step) switch
        {
            (0, 0) => "",
            (_, 0) => $"line {line}: ",
            (0, _) => $"step {step}: ",
            _ => $"line {line}, step {step}: ",
        };
        return $"{place}{what} is {found}; expected {expected}.";
    }
}
