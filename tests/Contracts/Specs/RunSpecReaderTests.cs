using VaeCluster.Contracts.Architectures;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Tests.Contracts.Specs;

public sealed class RunSpecReaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("---")]
    [InlineData("# only a comment\n")]
    [InlineData("{}")]
    [InlineData("training:\nmodel: {}\n")]
    public void Read_WhenNothingIsGiven_TakesEveryDefault(string text)
    {
        var spec = Reading.Valid(text);

        Assert.Equal(10, spec.Training.Epochs);
        Assert.Equal("run", spec.Name);
    }

    [Fact]
    public void Read_Yaml_FillsEveryKindOfField()
    {
        var spec = Reading.Valid("""
            name: mnist-7
            seed: 9223372036854775807
            data:
              source: idx
              path: "/data/my digits: new"   # a comment
            model: { hidden: [300, 100], latent: 8, activation: leaky-relu }
            objective:
              beta: { schedule: linear, value: 0.5, warmupSteps: 100 }
            optimizer: { learningRate: 3e-4 }
            """);

        Assert.Equal("mnist-7", spec.Name);
        Assert.Equal(long.MaxValue, spec.Seed);
        Assert.Equal("idx", spec.Data.Source);
        Assert.Equal("/data/my digits: new", spec.Data.Path);
        Assert.Equal([300, 100], spec.Model.Hidden!);
        Assert.Equal(8, spec.Model.Latent);
        Assert.Equal(ActivationKind.LeakyRelu, spec.Model.Activation);
        Assert.Equal(BetaScheduleKind.Linear, spec.Objective.Beta.Schedule);
        Assert.Equal(0.5, spec.Objective.Beta.Value);
        Assert.Equal(3e-4, spec.Optimizer.LearningRate);
    }

    [Fact]
    public void Read_Json_IsTheSameAsYaml()
    {
        var spec = Reading.Valid("{\n\t\"name\": \"a\\/b\\u002d\",\n\t\"training\": {\"epochs\": 3,\n\t\t\"batch\": 64}\n}".Replace("a\\/b\\u002d", "ab\\u002dc", StringComparison.Ordinal));

        Assert.Equal("ab-c", spec.Name);
        Assert.Equal(3, spec.Training.Epochs);
        Assert.Equal(64, spec.Training.Batch);
    }

    [Fact]
    public void Read_ByteOrderMark_IsNoPartOfTheFirstKey() =>
        Assert.Equal("x", Reading.Valid("\uFEFFname: x").Name);

    [Fact]
    public void Read_DottedKey_IsTheField() =>
        Assert.Equal(4, Reading.Valid("training.epochs: 4").Training.Epochs);

    [Fact]
    public void Read_NullOfAnOptionalField_IsItsDefault()
    {
        var spec = Reading.Valid("model: { latent: ~, hidden: null, activation: Null }\ndata: { path: }");

        Assert.Equal(20, spec.Model.Latent);
        Assert.Equal([512], spec.Model.Hidden!);
        Assert.Null(spec.Data.Path);
    }

    [Fact]
    public void Read_ManyFaults_ReportsAllInTheOrderOfTheText()
    {
        var errors = Reading.Errors("""
            name: My Run
            trianing:
              epochs: 5
            training:
              batch: 0
              epochs: ten
            model:
              hidden: [512, many]
              kind: transformer
            optimizer: fast
            """);

        Assert.Equal(
            [
                "line 1: name is My Run; it must be 1 to 40 lower-case letters, digits and dashes, with a letter or digit at both ends. Choose a name such as mnist-mlp.",
                "line 3: trianing.epochs is not a field of the spec. Did you mean training.epochs?",
                "line 5: training.batch is 0; it must be between 1 and 65536. Set it to a whole number such as 1.",
                "line 6: training.epochs is ten; it must be a whole number between 1 and 1000000. Set it to a whole number such as 1.",
                "line 8: model.hidden is [512, many]; it must be a list of 1 to 16 whole numbers from 1 to 65536. Write it like [512] or [200, 200].",
                "line 9: model.kind is transformer; it must be one of mlp, mlp-2d, iwae-mlp, conv28, conv64, ae, vq. Choose one of mlp, mlp-2d, iwae-mlp, conv28, conv64, ae, vq, or start the silos with the extension that has it.",
                "line 10: optimizer is fast; it must be a mapping of fields. Put fields below it, such as optimizer.kind.",
            ],
            errors);
    }

    [Theory]
    [InlineData("trianing.epochs", "training.epochs")]
    [InlineData("epochs", "training.epochs")]
    [InlineData("learning_rate", "optimizer.learningRate")]
    [InlineData("training.learningRate", "optimizer.learningRate")]
    [InlineData("optimizer.kinds", "optimizer.kind")]
    [InlineData("batch-size", "training.batch")]
    [InlineData("Seed", "seed")]
    [InlineData("resources.trainer.max", "resources.trainers.max")]
    [InlineData("training.epochs.value", "training.epochs")]
    public void Read_UnknownField_NamesTheNearest(string path, string nearest) =>
        Assert.Equal($"line 1: {path} is not a field of the spec. Did you mean {nearest}?", Reading.Error($"{path}: 1"));

    [Theory]
    [InlineData("foo: {}", "line 1: foo is not a field of the spec.")]
    [InlineData("training: { epochs: {} }", "line 1: training.epochs is {}; it must be a whole number between 1 and 1000000.")]
    [InlineData("training: []", "line 1: training is []; it must be a mapping of fields. Put fields below it, such as training.epochs.")]
    [InlineData("training: { epochs: [5] }", "line 1: training.epochs is [5]; it must be a whole number between 1 and 1000000.")]
    [InlineData("training: { epochs: { value: 5 } }", "line 1: training.epochs.value is not a field of the spec.")]
    [InlineData("training: { epochs: null }", "line 1: training.epochs is null; it must be a whole number between 1 and 1000000.")]
    [InlineData("model: { hidden: [[512]] }", "line 1: model.hidden is a list of lists or of mappings; a field takes a list of plain values at most. Give a list of plain values.")]
    [InlineData("model: { hidden: [] }", "line 1: model.hidden is []; it must be a list of 1 to 16 whole numbers from 1 to 65536.")]
    [InlineData("model: { hidden: {} }", "line 1: model.hidden is {}; it must be a list of 1 to 16 whole numbers from 1 to 65536.")]
    [InlineData("model: { hidden: [512, ~] }", "line 1: model.hidden is [512, null]; it must be")]
    [InlineData("[a, b]", "line 1: The spec is a list; it must be a mapping of fields. Start it with a field such as 'name: my-run'.")]
    [InlineData("hello", "line 1: The spec is a single value; it must be a mapping of fields.")]
    [InlineData("name: a\n---\nname: b", "line 2: The spec has more than one YAML document; it must be one. Keep one and put the others into files of their own.")]
    [InlineData("training: { epochs: 1 }\ntraining.epochs: 2", "line 2: training.epochs is given twice, first on line 1. Keep one of them.")]
    public void Read_WrongShape_SaysWhatBelongsThere(string text, string start) =>
        Assert.StartsWith(start, Reading.Error(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("a:\n  b: 1\n c: 2\n", "line 3: The spec is not YAML or JSON: while parsing a block mapping, did not find expected key. Correct the syntax at that place.")]
    [InlineData("name: x\ntraining:\n\tepochs: 1\n", "line 3: The spec is not YAML or JSON: while scanning a mapping, found invalid tab as indentation. Correct the syntax at that place.")]
    [InlineData("name: \"abc\n", "line 1: The spec is not YAML or JSON: while scanning a quoted scalar, found unexpected end of stream. Correct the syntax at that place.")]
    [InlineData("model:\n  hidden: [1, 2\nname: x\n", "line 2: The spec is not YAML or JSON: a bracket or a quote is not closed, or stands alone. Close every bracket and quote.")]
    [InlineData("{\"name\":\n \"x\"", "line 3: The spec is not YAML or JSON")]
    [InlineData("name: a\nname: b\n", "line 2: The key name occurs twice in one mapping, first on line 1. Keep one of them.")]
    [InlineData("{\"seed\": 1,\n \"seed\": 2}", "line 2: The key seed occurs twice in one mapping, first on line 1. Keep one of them.")]
    [InlineData("[1, 2]: 3", "line 1: A key is not a name of 1 to 64 characters. Use the names of the fields.")]
    [InlineData("~: 3", "line 1: A key is not a name of 1 to 64 characters.")]
    public void Read_WrongSyntax_SaysWhere(string text, string start) =>
        Assert.StartsWith(start, Reading.Error(text), StringComparison.Ordinal);
}
