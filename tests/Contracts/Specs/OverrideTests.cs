namespace VaeCluster.Tests.Contracts.Specs;

public sealed class OverrideTests
{
    [Fact]
    public void Override_Field_WinsOverTheText() =>
        Assert.Equal(5, Reading.Valid("training: { epochs: 3 }", "training.epochs=5").Training.Epochs);

    [Fact]
    public void Override_SameFieldTwice_TakesTheLast() =>
        Assert.Equal(7, Reading.Valid("", "training.epochs=5", " training.epochs = 7 ").Training.Epochs);

    [Fact]
    public void Override_WrongValueInTheText_IsMended() =>
        Assert.Equal(5, Reading.Valid("training: { epochs: many }", "training.epochs=5").Training.Epochs);

    [Fact]
    public void Override_List_IsReadAsYaml() =>
        Assert.Equal([64, 32], Reading.Valid("", "model.hidden=[64, 32]").Model.Hidden!);

    [Fact]
    public void Override_OneNumberForAList_IsAListOfOne() =>
        Assert.Equal([64], Reading.Valid("", "model.hidden=64").Model.Hidden!);

    [Fact]
    public void Override_Section_ReplacesWhatTheTextSaysBelowIt()
    {
        var spec = Reading.Valid("training: { epochs: 3, batch: 64 }", "training={epochs: 5}");

        Assert.Equal(5, spec.Training.Epochs);
        Assert.Equal(128, spec.Training.Batch);
    }

    [Theory]
    [InlineData("data.path=")]
    [InlineData("data.path=null")]
    public void Override_Nothing_TakesTheFieldBackToItsDefault(string assignment) =>
        Assert.Null(Reading.Valid("data: { path: /data/x }", assignment).Data.Path);

    [Theory]
    [InlineData("C:\\data\\x")]
    [InlineData("@data/x=1")]
    [InlineData("*data")]
    [InlineData("/data: [x")]
    public void Override_ValueThatIsNoYaml_IsTakenAsItStands(string path) =>
        Assert.Equal(path, Reading.Valid("data: { source: idx }", $"data.path={path}").Data.Path);

    [Theory]
    [InlineData("training.epochs", "The override 'training.epochs' has no field before a '='; it must read path=value. Write it like training.epochs=5.")]
    [InlineData("=5", "The override '=5' has no field before a '='; it must read path=value. Write it like training.epochs=5.")]
    [InlineData("epochs=5", "epochs is not a field of the spec. Did you mean training.epochs?")]
    [InlineData("training=5", "training is 5; it must be a mapping of fields. Put fields below it, such as training.epochs.")]
    [InlineData("training.batch=0", "training.batch is 0; it must be between 1 and 65536. Set it to a whole number such as 1.")]
    [InlineData("training={batch: 0}", "training.batch is 0; it must be between 1 and 65536. Set it to a whole number such as 1.")]
    public void Override_Wrong_SaysSoWithoutALine(string assignment, string error) =>
        Assert.Equal(error, Reading.Error("", assignment));

    [Fact]
    public void Override_OfAFieldGivenOnALine_HasNoLine() =>
        Assert.Equal(
            "training.epochs is x; it must be a whole number between 1 and 1000000. Set it to a whole number such as 1.",
            Reading.Error("training:\n  epochs: 3\n", "training.epochs=x"));
}
