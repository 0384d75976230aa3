using System.Globalization;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Tests.Contracts.Specs;

/// <summary>Every field by itself: what it takes, what it refuses, and what it is when nothing is said.</summary>
public sealed class FieldTests
{
    /// <summary>Path, least value, greatest value, whether whole, and settings that let the bounds stand beside all other rules.</summary>
    public static TheoryData<string, string, string, bool, string> Ranges => new()
    {
        { "seed", "0", "9223372036854775807", true, "" },
        { "data.train", "0", "2147483647", true, "data.source=idx;data.path=x" },
        { "data.test", "0", "2147483647", true, "data.source=idx;data.path=x" },
        { "data.count", "2", "10000000", true, "data.test=1;data.imageSize=8" },
        { "data.imageSize", "8", "256", true, "" },
        { "data.channels", "1", "3", true, "" },
        { "data.crop", "0", "65536", true, "data.source=images;data.path=x" },
        { "data.threshold", "0", "1", false, "data.binarize=threshold" },
        { "model.latent", "1", "4096", true, "" },
        { "model.codes", "2", "65536", true, "" },
        { "objective.samples", "1", "5000", true, "" },
        { "objective.sigma", "0.0001", "1000", false, "" },
        { "objective.freeBits", "0", "1000", false, "" },
        { "objective.commitment", "0", "1000", false, "" },
        { "objective.beta.value", "0", "10000", false, "" },
        { "objective.beta.warmupSteps", "1", "2147483647", true, "objective.beta.schedule=linear" },
        { "objective.beta.period", "1", "2147483647", true, "objective.beta.schedule=cyclical;objective.beta.warmupSteps=1" },
        { "objective.beta.capacity", "0.1", "10000", false, "objective.beta.schedule=capacity;objective.beta.warmupSteps=1" },
        { "objective.collapse.threshold", "0", "1000", false, "" },
        { "objective.collapse.steps", "1", "1000000", true, "" },
        { "optimizer.beta1", "0", "0.999999", false, "" },
        { "optimizer.beta2", "0", "0.999999999", false, "" },
        { "optimizer.weightDecay", "0", "100", false, "" },
        { "optimizer.momentum", "0", "0.999999", false, "optimizer.kind=sgd" },
        { "optimizer.clipNorm", "0", "1000000000000", false, "" },
        { "optimizer.schedule.warmupSteps", "0", "2147483647", true, "" },
        { "optimizer.schedule.finalFraction", "0", "1", false, "" },
        { "optimizer.schedule.stepEpochs", "1", "2147483647", true, "" },
        { "optimizer.schedule.stepGrowth", "1", "10", false, "" },
        { "optimizer.outer.momentum", "0", "0.999999", false, "training.localSteps=2" },
        { "training.epochs", "1", "1000000", true, "" },
        { "training.batch", "1", "65536", true, "training.shards=1" },
        { "training.shards", "0", "1024", true, "training.batch=1024" },
        { "training.localSteps", "1", "65536", true, "" },
        { "resources.trainers.min", "1", "1024", true, "resources.trainers.max=1024;training.batch=1024" },
        { "resources.trainers.max", "0", "1024", true, "training.batch=1024" },
        { "resources.trainers.backupAfter", "0", "1000000", false, "" },
        { "resources.threads", "1", "256", true, "" },
        { "resources.parameterServers", "0", "1024", true, "" },
        { "checkpoint.keep", "1", "1000", true, "" },
        { "logging.every", "1", "1000000", true, "" },
        { "logging.gridSide", "2", "32", true, "" },
        { "evaluation.every", "0", "1000000000", true, "" },
        { "evaluation.samples", "0", "5000", true, "" },
    };

    /// <summary>Path and greatest value of the fields that must be above zero.</summary>
    public static TheoryData<string, string> OpenRanges => new()
    {
        { "objective.collapse.factor", "1" },
        { "optimizer.learningRate", "100" },
        { "optimizer.epsilon", "1" },
        { "optimizer.schedule.stepFactor", "1" },
        { "optimizer.outer.learningRate", "100" },
    };

    public static TheoryData<string, string> Defaults => new()
    {
        { "name", "run" },
        { "seed", "1" },
        { "determinism", "strict" },
        { "data.source", "shapes" },
        { "data.path", "" },
        { "data.files", "first" },
        { "data.train", "0" },
        { "data.test", "1000" },
        { "data.count", "10000" },
        { "data.imageSize", "28" },
        { "data.channels", "1" },
        { "data.crop", "0" },
        { "data.badFiles", "fail" },
        { "data.layout", "auto" },
        { "data.array", "" },
        { "data.binarize", "none" },
        { "data.threshold", "0.5" },
        { "model.kind", "mlp" },
        { "model.hidden", "" },
        { "model.latent", "" },
        { "model.activation", "" },
        { "model.codes", "128" },
        { "objective.bound", "elbo" },
        { "objective.samples", "1" },
        { "objective.estimator", "reparameterization" },
        { "objective.likelihood", "bernoulli" },
        { "objective.sigma", "1" },
        { "objective.sigmaMode", "fixed" },
        { "objective.mean", "identity" },
        { "objective.freeBits", "0" },
        { "objective.commitment", "0.25" },
        { "objective.beta.schedule", "constant" },
        { "objective.beta.value", "1" },
        { "objective.beta.warmupSteps", "0" },
        { "objective.beta.period", "0" },
        { "objective.beta.capacity", "0" },
        { "objective.collapse.action", "warn" },
        { "objective.collapse.threshold", "0.1" },
        { "objective.collapse.steps", "200" },
        { "objective.collapse.factor", "0.5" },
        { "optimizer.kind", "adam" },
        { "optimizer.learningRate", "0.001" },
        { "optimizer.beta1", "0.9" },
        { "optimizer.beta2", "0.999" },
        { "optimizer.epsilon", "1E-08" },
        { "optimizer.weightDecay", "0" },
        { "optimizer.momentum", "0" },
        { "optimizer.clipNorm", "0" },
        { "optimizer.schedule.kind", "constant" },
        { "optimizer.schedule.warmupSteps", "0" },
        { "optimizer.schedule.finalFraction", "0" },
        { "optimizer.schedule.stepEpochs", "10" },
        { "optimizer.schedule.stepFactor", "0.1" },
        { "optimizer.schedule.stepGrowth", "1" },
        { "optimizer.outer.kind", "nesterov" },
        { "optimizer.outer.learningRate", "0.7" },
        { "optimizer.outer.momentum", "0.9" },
        { "optimizer.outer.innerState", "average" },
        { "training.epochs", "10" },
        { "training.batch", "128" },
        { "training.shards", "0" },
        { "training.localSteps", "1" },
        { "training.nonFinite", "fail" },
        { "training.compression", "none" },
        { "resources.trainers.min", "1" },
        { "resources.trainers.max", "0" },
        { "resources.trainers.backupAfter", "5" },
        { "resources.device", "any" },
        { "resources.threads", "1" },
        { "resources.standby", "none" },
        { "resources.parameterServers", "0" },
        { "checkpoint.every", "10s" },
        { "checkpoint.keep", "3" },
        { "logging.every", "10" },
        { "logging.gridSide", "10" },
        { "evaluation.every", "0" },
        { "evaluation.samples", "64" },
        { "ledger.hash", "checkpoints" },
    };

    public static TheoryData<string, string> Choices => new()
    {
        { "determinism", "strict, relaxed" },
        { "data.source", "shapes, idx, images, npy" },
        { "data.badFiles", "fail, skip" },
        { "data.layout", "auto, nhw, nhwc, nchw, nd" },
        { "data.binarize", "none, threshold, static, dynamic" },
        { "data.files", "first, all" },
        { "model.kind", "mlp, mlp-2d, iwae-mlp, conv28, conv64, ae, vq" },
        { "model.activation", "relu, tanh, leaky-relu, elu, gelu, silu, softplus, sigmoid" },
        { "objective.bound", "elbo, iwae" },
        { "objective.estimator", "reparameterization, score-function, sticking-the-landing" },
        { "objective.likelihood", "bernoulli, gaussian" },
        { "objective.sigmaMode", "fixed, learned" },
        { "objective.mean", "identity, sigmoid" },
        { "objective.beta.schedule", "constant, linear, cyclical, sigmoid, capacity" },
        { "objective.collapse.action", "warn, lower-beta" },
        { "optimizer.kind", "adam, adamw, sgd" },
        { "optimizer.schedule.kind", "constant, linear, cosine, step" },
        { "optimizer.outer.kind", "nesterov, sgd" },
        { "optimizer.outer.innerState", "average, reset" },
        { "training.nonFinite", "fail, skip" },
        { "training.compression", "none, bf16, fp16, int8" },
        { "resources.device", "any, cpu, cuda" },
        { "resources.standby", "none, hot" },
        { "ledger.hash", "checkpoints, steps" },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Range_AtItsEnds_IsTaken(string path, string min, string max, bool whole, string settings)
    {
        Assert.NotEqual(min, max);
        foreach (var value in new[] { min, max })
        {
            var text = RunSpecReader.Write(Reading.Valid("", [.. Settings(settings), $"{path}={value}"]));
            // 0 of these fields stands for a default, which the complete spec states.
            if (path is not ("training.shards" or "resources.trainers.max") || value != "0")
                Assert.Equal(double.Parse(value, CultureInfo.InvariantCulture), NumberAt(text, path));
        }
        Assert.Equal(whole ? "integer" : "number", FieldAt(path).Type);
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Range_BeyondItsEnds_IsRefused(string path, string min, string max, bool whole, string settings)
    {
        // Of these a schedule forbids 0, which the field by itself takes.
        var isBound = path is "objective.beta.warmupSteps" or "objective.beta.period" or "objective.beta.capacity";
        var rule = FieldAt(path).Rule;
        Assert.Contains(whole ? $"between {(isBound ? "0" : min)} and {max}" : "", rule, StringComparison.Ordinal);
        foreach (var value in new[] { isBound ? "-1" : Below(min), max + (whole ? "0" : "1") })
        {
            var error = Reading.Error("", [.. Settings(settings), $"{path}={value}"]);
            Assert.StartsWith($"{path} is {value}; it must be {rule}. Set it to ", error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(OpenRanges))]
    public void OpenRange_AtZero_IsRefused(string path, string max)
    {
        foreach (var value in new[] { "1e-30", max })
            Reading.Valid("", "training.localSteps=2", $"{path}={value}");
        foreach (var value in new[] { "0", "-1", "1e-400", max + "1" })
            Assert.Equal($"{path} is {value}; it must be a number above 0 and up to {max}. Set it to a number in that range.", Reading.Error("", $"{path}={value}"));
    }

    [Theory]
    [InlineData(".nan")]
    [InlineData("NaN")]
    [InlineData(".inf")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("1e400")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    [InlineData("true")]
    [InlineData("1_000")]
    [InlineData("'1e-3 x'")]
    public void Number_ThatIsNone_IsRefused(string value)
    {
        var text = $"optimizer:\n  learningRate: {value}\n  clipNorm: {value}\n  beta1: {value}\nobjective: {{ sigma: '{value.Trim('\'')}' }}\n";

        var errors = Reading.Errors(text);

        Assert.Equal(4, errors.Length);
        Assert.Equal($"line 2: optimizer.learningRate is {value.Trim('\'')}; it must be a number above 0 and up to 100. Set it to a number in that range.", errors[0]);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData("1_000")]
    [InlineData("true")]
    [InlineData("''")]
    [InlineData("１２")]
    public void Integer_ThatIsNotWhole_IsRefused(string value) =>
        Assert.Equal(
            $"line 1: training.batch is {value.Trim('\'')}; it must be a whole number between 1 and 65536. Set it to a whole number such as 1.",
            Reading.Error($"training: {{ batch: {value} }}"));

    [Fact]
    public void Integer_HugeOne_IsOutsideOfItsRange() =>
        Assert.StartsWith("line 1: training.batch is 99999999999999999999; it must be between 1 and 65536.", Reading.Error("training: { batch: 99999999999999999999 }"), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Choices))]
    public void Choice_EveryName_IsTakenAndWrittenBack(string path, string names)
    {
        Assert.Equal($"one of {names}", FieldAt(path).Rule);
        foreach (var name in names.Split(", "))
        {
            var spec = Reading.Valid("", [.. Settings(Beside(path, name)), $"{path}={name}"]);
            Assert.Equal(name, FieldAt(path).TextOf(spec));
        }
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void Choice_AnotherName_IsRefused(string path, string names)
    {
        // What these name may also be of an extension.
        var other = path is "data.source" or "model.kind" or "objective.bound" ? ", or start the silos with the extension that has it" : "";
        foreach (var name in new[] { "other", names.Split(", ")[0].ToUpperInvariant(), "0" })
            Assert.Equal($"{path} is {name}; it must be one of {names}. Choose one of {names}{other}.", Reading.Error("", $"{path}={name}"));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("mnist-2024")]
    [InlineData("7")]
    [InlineData("a123456789b123456789c123456789d123456789")]
    public void Name_OfLettersDigitsAndDashes_IsTaken(string name) =>
        Assert.Equal(name, Reading.Valid($"name: {name}").Name);

    [Theory]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("A")]
    [InlineData("a_b")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("ä")]
    [InlineData("")]
    [InlineData("a123456789b123456789c123456789d123456789e")]
    public void Name_OfAnythingElse_IsRefused(string name) =>
        Assert.Equal(
            $"line 1: name is {name}; it must be 1 to 40 lower-case letters, digits and dashes, with a letter or digit at both ends. Choose a name such as mnist-mlp.",
            Reading.Error($"name: \"{name}\""));

    [Theory]
    [InlineData("\" \"")]
    [InlineData("\"\"")]
    [InlineData("\"a\\0b\"")]
    public void Path_WithoutAnythingInIt_IsRefused(string path) =>
        Assert.EndsWith("; it must be a path of up to 4096 characters, none of them a control character. Give the folder or file that holds the data.", Reading.Error($"data: {{ source: idx, path: {path} }}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("[0]")]
    [InlineData("[65537]")]
    [InlineData("[-1]")]
    [InlineData("[1.5]")]
    [InlineData("[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]")]
    public void Hidden_OutsideOfItsBounds_IsRefused(string hidden) =>
        Assert.Equal($"line 1: model.hidden is {hidden}; it must be a list of 1 to 16 whole numbers from 1 to 65536. Write it like [512] or [200, 200].", Reading.Error($"model: {{ hidden: {hidden} }}"));

    [Theory]
    [MemberData(nameof(Defaults))]
    public void Default_IsAsDocumented(string path, string value) => Assert.Equal(value, FieldAt(path).Default);

    [Fact]
    public void Schema_HasEveryFieldOnce_AndEachHasItsTests()
    {
        var paths = SpecSchema.Fields.Select(field => field.Path).ToList();

        Assert.Equal(paths, Defaults.Select(row => row.Data.Item1));
        Assert.Equal(paths.Count, paths.Distinct().Count());
        var covered = Ranges.Select(row => row.Data.Item1).Concat(OpenRanges.Select(row => row.Data.Item1)).Concat(Choices.Select(row => row.Data.Item1)).Concat(["name", "data.path", "data.array", "model.hidden", "checkpoint.every"]);
        Assert.Equal(paths.Order(), covered.Order());
    }

    [Fact]
    public void Schema_CoversEveryPropertyOfTheSpec()
    {
        var written = RunSpecReader.Write(Reading.Valid("data: { source: npy, path: x, array: y }"));

        Assert.Equal(SpecSchema.Fields.Select(field => field.Path).Order(), CanonicalText.PathsOf(written).Order());
    }

    [Fact]
    public void Schema_EveryMeaning_IsASentence() =>
        Assert.All(SpecSchema.Fields, field => Assert.Matches("^[A-Z-].*\\.$", field.Meaning));

    /// <summary>What has to be said with a choice, so that no rule between fields forbids it.</summary>
    private static string Beside(string path, string choice) => (path, choice) switch
    {
        ("data.source", not "shapes") => "data.path=x",
        ("data.files", _) => "data.source=idx;data.path=x",
        ("data.badFiles", _) => "data.source=images;data.path=x",
        ("data.layout", _) => "data.source=npy;data.path=x",
        ("optimizer.outer.kind" or "optimizer.outer.innerState", _) => "training.localSteps=2",
        ("objective.beta.schedule", "linear" or "sigmoid") => "objective.beta.warmupSteps=1",
        ("objective.beta.schedule", "cyclical") => "objective.beta.warmupSteps=1;objective.beta.period=2",
        ("objective.beta.schedule", "capacity") => "objective.beta.warmupSteps=1;objective.beta.capacity=1",
        ("model.kind", "conv64") or ("objective.sigmaMode", "learned") or ("objective.mean", "sigmoid") => "objective.likelihood=gaussian",
        _ => "",
    };

    private static string[] Settings(string settings) => settings.Split(';', StringSplitOptions.RemoveEmptyEntries);

    private static SpecField FieldAt(string path) => SpecSchema.Fields.Single(field => field.Path == path);

    private static string Below(string min) =>
        min.Contains('.', StringComparison.Ordinal) ? "0" : (long.Parse(min, CultureInfo.InvariantCulture) - 1).ToString(CultureInfo.InvariantCulture);

    private static double NumberAt(string canonical, string path) => double.Parse(CanonicalText.At(canonical, path), CultureInfo.InvariantCulture);
}
