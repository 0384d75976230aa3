using System.CommandLine;
using System.CommandLine.Parsing;

namespace VaeCluster.Client;

/// <summary>Options that take one of a few words. A wrong word is answered with the right ones, rather than with the name of a type.</summary>
internal static class Choice
{
    public static void Among<T>(Option<T> option, params (string Word, T Value)[] choices)
    {
        Describe(option, choices);
        option.CustomParser = result => Read(option, result, result.Tokens[0].Value, choices);
    }

    public static void Among<T>(Option<T[]> option, params (string Word, T Value)[] choices)
    {
        Describe(option, choices);
        option.CustomParser = result => [.. result.Tokens.Select(token => Read(option, result, token.Value, choices))];
    }

    private static void Describe<T>(Option option, (string Word, T Value)[] choices)
    {
        option.HelpName = string.Join('|', choices.Select(choice => choice.Word));
        option.CompletionSources.Add(choices.Select(choice => choice.Word).ToArray());
    }

    private static T Read<T>(Option option, ArgumentResult result, string word, (string Word, T Value)[] choices)
    {
        foreach (var choice in choices)
        {
            if (string.Equals(choice.Word, word, StringComparison.OrdinalIgnoreCase))
                return choice.Value;
        }
        var words = choices.Select(choice => choice.Word).ToList();
        result.AddError($"{option.Name} is '{word}'; it must be {string.Join(", ", words[..^1])} or {words[^1]}.");
        return choices[0].Value;
    }
}
