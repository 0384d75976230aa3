using VaeCluster.Data;
using VaeCluster.Data.Randomness;

namespace VaeCluster.Training.Evaluation;

/// <summary>
/// The score of FactorVAE (Kim and Mnih 2018, section 4). A vote: choose a factor and a value of it, take examples that have it, and find the latent
/// dimension that varies least among them, by the variance of its posterior means over that of all examples. A classifier that gives each dimension
/// the factor that most of its votes were of is then right for a share of further votes: that share is the score, 1 at best, and about one over the
/// number of factors by chance. Dimensions whose variance over all examples is at most 0.01 say nothing and do not vote.
/// </summary>
public static class FactorVaeScore
{
    private const int TrainingVotes = 800;
    private const int ScoringVotes = 800;
    private const int ExamplesAVote = 64;

    /// <summary>The score; 0 when no dimension says anything, or no two examples share the value of a factor.</summary>
    /// <param name="means">Posterior means, shape [N, latent].</param>
    /// <param name="latent">Dimensions of the latent space.</param>
    /// <param name="factors">The factors of the same examples.</param>
    /// <param name="firstExample">The table's row of the first of them.</param>
    /// <param name="seed">Keys the votes.</param>
    public static double Of(float[] means, int latent, FactorTable factors, int firstExample, long seed)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(factors);
        var count = means.Length / latent;
        var variances = Enumerable.Range(0, latent).Select(dimension => Variance(means, latent, dimension, [.. Enumerable.Range(0, count)])).ToArray();
        var active = Enumerable.Range(0, latent).Where(dimension => variances[dimension] > ActiveUnits.VarianceMin).ToArray();
        if (active.Length == 0)
            return 0;
        var groups = Groups(factors, firstExample, count);
        if (groups.Count == 0)
            return 0;
        var votes = Enumerable.Range(0, TrainingVotes + ScoringVotes).Select(Vote).ToList();
        var classifier = votes.Take(TrainingVotes)
            .GroupBy(vote => vote.Dimension)
            .ToDictionary(byDimension => byDimension.Key,
                byDimension =>
                    byDimension.CountBy(vote => vote.Factor).OrderByDescending(tally => tally.Value).ThenBy(tally => tally.Key)
                        .First().Key);
        return votes.Skip(TrainingVotes).Count(vote => classifier.TryGetValue(vote.Dimension, out var factor) && factor == vote.Factor) / (double)ScoringVotes;

        (int Dimension, int Factor) Vote(int number)
        {
            var draws = new float[2 + ExamplesAVote];
            new CounterRandom(seed, RandomPurpose.FactorVotes, number).FillUniform(draws, 0, 1);
            var factor = Pick(draws[0], groups.Count);
            var members = groups[factor][Pick(draws[1], groups[factor].Count)];
            int[] chosen = [.. draws.Skip(2).Select(draw => members[Pick(draw, members.Length)])];
            return (active.MinBy(dimension => Variance(means, latent, dimension, chosen) / variances[dimension]), factor);
        }
    }

    private static int Pick(float draw, int count) => Math.Min(count - 1, (int)(draw * count));

    /// <summary>For each factor the examples of each of its values; values that fewer than two examples have are left out.</summary>
    private static List<List<int[]>> Groups(FactorTable factors, int firstExample, int count) =>
        [.. Enumerable.Range(0, factors.Names.Count)
            .Select(factor => Enumerable.Range(0, count)
                .GroupBy(n => factors.Of(firstExample + n)[factor])
                .OrderBy(group => group.Key)
                .Select(group => group.ToArray())
                .Where(group => group.Length > 1)
                .ToList())
            .Where(values => values.Count > 0)];

    private static double Variance(float[] means, int latent, int dimension, int[] examples)
    {
        var mean = examples.Average(n => (double)means[(n * latent) + dimension]);
        return examples.Average(n => Math.Pow(means[(n * latent) + dimension] - mean, 2));
    }
}
