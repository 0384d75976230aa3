namespace VaeCluster.Contracts.Specs;

/// <summary>One thing that is wrong with a spec. Words of the spec and names of files are in it with their control characters as codes.</summary>
/// <param name="Path">The field, e.g. <c>training.batch</c>.</param>
/// <param name="Problem">What was found and what the rule is, one sentence that starts with the path.</param>
/// <param name="Fix">What to do about it, one sentence.</param>
/// <param name="Line">The line in the spec's text, counted from 1; 0 when the field is not in the text.</param>
public sealed record SpecError(string Path, string Problem, string Fix, int Line = 0)
{
    /// <summary>The field, e.g. <c>training.batch</c>.</summary>
    public string Path { get; init; } = VisibleText.Of(Path);

    /// <summary>What was found and what the rule is, one sentence that starts with the path.</summary>
    public string Problem { get; init; } = VisibleText.Of(Problem);

    /// <summary>
    /// Whether the field names a kind that this process does not have. A silo with the extension that has it may accept the spec, so a client asks one.
    /// </summary>
    public bool IsUnknownKind { get; init; }

    /// <summary>The error as a person reads it.</summary>
    public override string ToString() => Line > 0 ? $"line {Line}: {Problem} {Fix}" : $"{Problem} {Fix}";
}
