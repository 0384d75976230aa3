using System.Text;
using CsCheck;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Fuzz.Targets;

/// <summary>Makes specs with their overrides, as one text.</summary>
internal static class SpecTexts
{
    private const char Separator = '\u001E';

    private static readonly string[] Values =
    [
        "0", "1", "-1", "2", "1e308", "-1e-308", "nan", ".inf", "9223372036854775807", "9223372036854775808", "1e3", "0x10", "true", "~", "null", "''", "\"\"",
        "[]", "{}", "[1, 2]", "[[1]]", "[512]", "{a: 1}", "*a", "&a 1", "!!int 1", "!tag x", "|\n  x", "> y", "\"\\u0000\"", "\"\\e[2J\"", "{", "]", "a: b: c", "%",
        "2020-01-01", "images", "idx", "npy", "shapes", "mlp", "conv28", "conv64", "vq", "adam", "sgd", "elbo", "iwae", "bernoulli", "gaussian", "/", "/etc/shadow",
        "/proc/self/environ", "..", "\u202Egnp", "\u2028", "é", "\ud83d\ude00",
    ];

    private static readonly string[] Fragments = ["\n", "  ", "\t", ": ", "- ", "{", "}", "[", "]", ",", "#", "&a ", "*a", "---\n", "...\n", "? ", "|", ">", "'", "\"", "\0", "\uFEFF"];

    /// <summary>A text whose overrides follow it.</summary>
    public static string Make(PCG random)
    {
        var text = random.Below(4) switch
        {
            0 => Garbage(random),
            1 => Encoding.UTF8.GetString(random.Mutate(Encoding.UTF8.GetBytes(RunSpecReader.Write(new RunSpec())))),
            _ => Fields(random),
        };
        var overrides = Enumerable.Range(0, random.Below(4)).Select(_ => random.Below(5) == 0 ? Garbage(random) : $"{FieldOf(random)}={random.Of(Values)}");
        return string.Join(Separator, [text, .. overrides]);
    }

    /// <summary>The text and its overrides.</summary>
    public static (string Text, string[] Overrides) Split(string joined)
    {
        var parts = joined.Split(Separator);
        return (parts[0], parts[1..]);
    }

    private static string Fields(PCG random)
    {
        var lines = new StringBuilder();
        for (var count = random.Below(8); count > 0; count--)
        {
            var parts = FieldOf(random).Split('.');
            for (var depth = 0; depth < parts.Length; depth++)
                lines.Append(' ', 2 * depth).Append(parts[depth]).Append(depth < parts.Length - 1 ? ":\n" : ": ");
            lines.Append(random.Of(Values)).Append('\n');
        }
        return lines.ToString();
    }

    private static string Garbage(PCG random) => string.Concat(Enumerable.Range(0, random.Below(40)).Select(_ => random.Below(3) switch
    {
        0 => random.Of(Values),
        1 => random.Of(Fragments),
        _ => ((char)random.Below(0x3000)).ToString(),
    }));

    private static string FieldOf(PCG random) => random.Below(10) == 0 ? "no.such.field" : random.Of(SpecSchema.Fields).Path;
}
