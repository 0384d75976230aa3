namespace VaeCluster.Contracts.Specs;

/// <summary>Guesses which field somebody meant.</summary>
internal static class FieldNames
{
    /// <summary>
    /// The field that is nearest to a path: by its whole path, or by its last name alone when the section is wrong or left out.
    /// Case, dashes and underscores do not count, so <c>learning_rate</c> finds <c>optimizer.learningRate</c>.
    /// </summary>
    public static string Nearest(string path)
    {
        var asked = Plain(path);
        // A mapping where a plain value belongs: the field above it is meant.
        return SpecSchema.Fields.FirstOrDefault(field => path.StartsWith(field.Path + ".", StringComparison.Ordinal))?.Path
            ?? SpecSchema.Fields.Select(field => field.Path).MinBy(known =>
        {
            var whole = EditDistance(asked, Plain(known));
            var last = 1 + EditDistance(Last(asked), Last(Plain(known)));
            return (Math.Min(whole, last), whole);
        })!;
    }

    private static string Plain(string path) => path.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    private static string Last(string path) => path[(path.LastIndexOf('.') + 1)..];

    /// <summary>Levenshtein's distance: insertions, deletions and substitutions.</summary>
    private static int EditDistance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(substitution, 1 + Math.Min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.Length];
    }
}
