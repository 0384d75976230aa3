using System.CommandLine;
using System.Globalization;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary>What the commands that use a trained model have in common.</summary>
internal static class ModelOptions
{
    public static Argument<string> Run() => new("run")
    {
        Description = "The run's id, as `vaectl list` shows it; RUN@STEP takes the weights of one of its checkpoints.",
        HelpName = "run[@step]",
    };

    public static Option<long> Step() => new("--step")
    {
        Description = "The step of a checkpoint that the run keeps; the same as RUN@STEP. Default: the newest weights.",
        HelpName = "step",
    };

    public static Option<string?> To(string files) => new("--to") { Description = $"File to write. Default: {files} in this folder.", HelpName = "file" };

    public static Option<Split> Split()
    {
        var split = new Option<Split>("--split") { Description = "The examples: held out, or used for training. Default: held-out." };
        Choice.Among(split, ("held-out", Contracts.V1.Split.HeldOut), ("train", Contracts.V1.Split.Train));
        return split;
    }

    public static Option<int> Number(string name, string description, int byDefault) =>
        new(name) { Description = description, HelpName = "n", DefaultValueFactory = _ => byDefault };

    public static Option<int[]> Dimensions(string description) => new("--dims")
    {
        Description = description,
        HelpName = "i,j",
        CustomParser = result => Parse(result),
    };

    /// <summary>The model that a command is about.</summary>
    /// <exception cref="UsageException">The step is not one, or two different ones are named.</exception>
    public static ModelRef Model(this Invocation invocation, Argument<string> run, Option<long> step)
    {
        var (name, asked) = (invocation.Get(run), invocation.Get(step));
        var at = name.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
            return new() { RunId = name, Step = asked };
        if (!long.TryParse(name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var named) || named == 0)
            throw new UsageException(
                $"The run is '{name}'; the part after the @ must be the step of a checkpoint, as in mnist-mlp-1@500. Leave it out for the newest weights.");
        if (asked != 0 && asked != named)
            throw new UsageException($"The run is '{name}' and --step is {asked}; name one step.");
        return new() { RunId = name[..at], Step = named };
    }

    private static int[] Parse(System.CommandLine.Parsing.ArgumentResult result)
    {
        var texts = result.Tokens.SelectMany(token => token.Value.Split(',')).ToList();
        var numbers = texts.Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1).ToArray();
        if (numbers.Contains(-1))
            result.AddError($"--dims is '{string.Join(',', texts)}'; it must be numbers of latent dimensions from 0, such as 0,1.");
        return numbers;
    }
}
