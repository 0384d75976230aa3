using System.CommandLine;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary>What the commands that use a trained model have in common.</summary>
internal static class ModelOptions
{
    public static Option<long> Step() => new("--step")
    {
        Description = "Weights of which step: of a checkpoint that the run keeps. Default: the newest.",
        HelpName = "step",
    };

    public static Option<string?> To(string files) => new("--to") { Description = $"File to write. Default: {files} in this folder.", HelpName = "file" };

    public static Option<Split> Split()
    {
        var split = new Option<Split>("--split") { Description = "Which examples: those that are held out, or those that train. Default: held-out." };
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
    public static ModelRef Model(this Invocation invocation, Argument<string> run, Option<long> step) =>
        new() { RunId = invocation.Get(run), Step = invocation.Get(step) };

    private static int[] Parse(System.CommandLine.Parsing.ArgumentResult result)
    {
        var texts = result.Tokens.SelectMany(token => token.Value.Split(',')).ToList();
        var numbers = texts.Select(text => int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : -1).ToArray();
        if (numbers.Contains(-1))
            result.AddError($"--dims is '{string.Join(',', texts)}'; it must be numbers of latent dimensions from 0, such as 0,1.");
        return numbers;
    }
}
