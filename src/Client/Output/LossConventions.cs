using VaeCluster.Contracts.Architectures;
using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.V1;
using static VaeCluster.Client.Output.ProgressText;

namespace VaeCluster.Client.Output;

/// <summary>What a run minimises, and what other code calls the same thing. docs/losses.md derives every line.</summary>
internal static class LossConventions
{
    public static void Write(TextWriter output, Run run)
    {
        if (run.ExampleValues == 0)
            return;
        var result = RunSpecReader.Read(run.Spec);
        if (result.Spec is not { } spec)
        {
            var unknown = string.Join(", ", result.Errors.Where(error => error.IsUnknownKind).Select(error => error.Path));
            if (unknown.Length > 0)
                output.WriteLine($"\nObjective: that of an extension of the cluster ({unknown}), which vaectl does not know.");
            return;
        }
        output.WriteLine("\nObjective (nats per example), and the same optimum in other conventions");
        foreach (var (name, text) in Lines(spec, run.ExampleValues))
            output.WriteLine($"{"  " + name,-18}{text}");
    }

    /// <summary>Each convention's name and its loss.</summary>
    /// <param name="spec">The complete spec.</param>
    /// <param name="values">Values in one example, D.</param>
    internal static IEnumerable<(string Name, string Loss)> Lines(RunSpec spec, int values)
    {
        var (objective, kind, range) = (spec.Objective, SpecKinds.ObjectiveOf(spec), SpecKinds.ModelOf(spec).Range);
        var pixels = range == PixelRange.Unit ? "" : Inv($", pixels in [{range.Low}, {range.High}]");
        var likelihood = objective.Likelihood == LikelihoodKind.Bernoulli
            ? "p Bernoulli"
            : Inv($"p Gaussian of sigma {objective.Sigma:G6}{(objective.SigmaMode == SigmaModeKind.Learned ? ", learned from there" : "")}");
        yield return ("Minimised", $"{kind.Formula(spec)}, {likelihood}, D = {values}{pixels}");
        if (!kind.WeighsKl)
            yield break;
        var beta = objective.Beta.Value;
        if (objective.Likelihood == LikelihoodKind.Bernoulli)
            yield return ("Mean", Inv($"mean binary cross-entropy + {beta / values:G6} KL"));
        else
            foreach (var line in Gaussian(2 * objective.Sigma * objective.Sigma * beta, objective.Sigma, values))
                yield return line;
    }

    /// <summary>A Gaussian's loss times 2 sigma^2, without its constant: the weight of the KL is then 2 sigma^2 beta.</summary>
    private static IEnumerable<(string Name, string Loss)> Gaussian(double weight, double sigma, int values)
    {
        yield return ("Sum", Inv($"summed squared error + {weight:G6} KL"));
        yield return ("Mean", Inv($"mean squared error + {weight / values:G6} KL"));
        if (weight > 0)
            yield return ("Other term", Inv($"{1 / weight:G6} * summed squared error + KL"));
        yield return ("Constant", Inv(
            $"-log p(x|z) = summed squared error / {2 * sigma * sigma:G6} {values * (Math.Log(sigma) + (0.5 * Math.Log(2 * Math.PI))):+ 0.00;- 0.00}"));
    }
}
