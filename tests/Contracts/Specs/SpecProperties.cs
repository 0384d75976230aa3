using System.Globalization;
using CsCheck;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Tests.Contracts.Specs;

/// <summary>What holds for every text and every spec. A failure prints its seed.</summary>
public sealed class SpecProperties
{
    private static readonly string[] Pieces =
    [
        "a", "name", "training", ":", ": ", "{", "}", "[", "]", ",", "-", "- ", "&a", "*a", "!", "|", ">", "'", "\"", "%", "@", "`", "#", "? ", " ", "\n",
        "\n  ", "\t", "1", "\0", "\u0085", "\uFEFF", "\uD800", "~", "<<", "=", "...", "---", "\\",
    ];

    private static readonly Gen<string[]> Settings =
        from seed in Gen.Long[0, long.MaxValue]
        from learningRate in Gen.Double[1e-300, 100]
        from epsilon in Gen.Double[1e-320, 1]
        from model in OneOf("mlp", "mlp-2d", "iwae-mlp", "ae")
        from hidden in Gen.Int[1, 64].Array[1, 4]
        from latent in Gen.Int[1, 4_096]
        from activation in OneOf("relu", "tanh", "leaky-relu", "elu", "gelu", "silu", "softplus", "sigmoid")
        from sigma in Gen.Double[0.0001, 1_000]
        from shards in Gen.Int[0, 5]
        from path in Gen.Char[' ', '\uFFFD'].Array[1, 20].Select(text => new string(text))
            .Where(text => !string.IsNullOrWhiteSpace(text) && !text.Any(c => char.IsControl(c) || char.IsSurrogate(c)))
        select (string[])
        [
            Set("seed", seed), Set("optimizer.learningRate", learningRate), Set("optimizer.epsilon", epsilon), Set("model.kind", model),
            $"model.hidden=[{string.Join(", ", hidden)}]", Set("model.latent", latent), Set("model.activation", activation), "objective.likelihood=gaussian",
            Set("objective.sigma", sigma), Set("training.shards", 1 << shards), "data.source=npy", $"data.path='{path.Replace("'", "''", StringComparison.Ordinal)}'",
        ];

    [Fact]
    public void Write_ThenRead_IsTheSameSpec() => Settings.Sample(
        settings =>
        {
            var spec = Reading.Valid("", settings);

            var written = RunSpecReader.Write(spec);
            var again = RunSpecReader.ReadCanonical(written);

            Assert.Equivalent(spec, again, strict: true);
            Assert.Equal(written, RunSpecReader.Write(again));
        },
        iter: 500,
        print: settings => string.Join('\n', settings));

    /// <summary>Whatever the text, reading ends, with a spec or with errors.</summary>
    [Fact]
    public void Read_OfAnyText_EndsInASpecOrErrors() => OneOf(Pieces).Array[1, 14].Select(string.Concat).Sample(
        text =>
        {
            var result = RunSpecReader.Read(text, [text]);
            Assert.True(result.IsValid != result.Errors.Count > 0);
        },
        iter: 20_000);

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static string Set<T>(string path, T value) => string.Create(CultureInfo.InvariantCulture, $"{path}={value}");
}
