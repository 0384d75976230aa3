using VaeCluster.Contracts;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Data;

/// <summary>The data that a spec names cannot be used. Its message says what was found, what the rule is and how to repair it.</summary>
public sealed class DataException : Exception
{
    /// <summary>Blames a field of the spec.</summary>
    /// <param name="path">The field, e.g. <c>data.path</c>.</param>
    /// <param name="problem">What was found and the rule.</param>
    /// <param name="fix">What to do.</param>
    /// <param name="inner">What the system said.</param>
    public DataException(string path, string problem, string fix, Exception? inner = null)
        : base(VisibleText.Of($"{problem} {fix}"), inner) => Error = new SpecError(path, problem, fix);

    /// <summary>The same as an error of the spec.</summary>
    public SpecError Error { get; }
}
