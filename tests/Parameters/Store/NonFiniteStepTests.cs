using VaeCluster.Parameters.Store;


namespace VaeCluster.Tests.Parameters.Store;

public sealed class NonFiniteStepTests
{
    private const string Fix = " Lower optimizer.learningRate, set optimizer.clipNorm, or set training.nonFinite to skip.";

    [Theory]
    [InlineData(double.NaN, 1, 1, "At step 1 the reconstruction term is NaN in shard 2." + Fix)]
    [InlineData(double.PositiveInfinity, double.NaN, 1, "At step 1 the reconstruction term is Infinity in shard 2." + Fix)]
    [InlineData(1, double.NegativeInfinity, 1, "At step 1 the KL term is -Infinity in shard 2." + Fix)]
    [InlineData(1, 1, float.NaN, "At step 1 the gradient's norm is NaN." + Fix)]
    [InlineData(1, 1, float.PositiveInfinity, "At step 1 the gradient's norm is Infinity." + Fix)]
    [InlineData(1, 1, 1.0141205E+31f, "At step 1 the gradient's norm is 1.2676506002282294E+30." + Fix)]
    public void Apply_NotFinite_FailsAndNamesStepTermAndShard(double reconstruction, double kl, float gradient, string message)
    {
        var test = new StoreUnderTest(StoreUnderTest.Layout(1), 4);
        test.Apply(test.Part(1));
        var before = test.Weights;

        var e = Assert.Throws<NonFiniteException>(() => test.Apply(test.Part(1, 3, 1), test.Part(gradient, 2, 1, reconstruction: reconstruction, kl: kl), test.Part(1, 0, 2)));

        Assert.Equal(message, e.Message);
        Assert.Equal(1, e.Step);
        Assert.Equal(1, test.Store.Step);
        Assert.Equal(before, test.Weights);
    }

    [Fact]
    public void Apply_NotFiniteInSeveralBlocks_NamesTheFirstWhateverCameFirst()
    {
        var test = new StoreUnderTest(StoreUnderTest.Layout(1), 8);

        var e = Assert.Throws<NonFiniteException>(() => test.Apply(test.Part(1, 4, 4, reconstruction: double.NaN), test.Part(1, 2, 2, kl: double.NaN), test.Part(1, 0, 2)));

        Assert.Equal("At step 0 the KL term is NaN in shards 2 to 3." + Fix, e.Message);
    }

    [Theory]
    [InlineData("training.nonFinite=fail")]
    [InlineData("training.nonFinite=skip")]
    public void Apply_NotFiniteOnce_IsComputedAgainAndLeavesNoTrace(string setting)
    {
        var test = new StoreUnderTest(StoreUnderTest.Layout(9), 2, setting);
        var valid = new StoreUnderTest(StoreUnderTest.Layout(9), 2, setting);
        test.Store.Offer(test.Part(2, 0, 1));
        test.Store.Offer(test.Part(float.NaN, 1, 1));

        var suspect = test.Store.TryApplyStep();

        Assert.Null(suspect.Record);
        Assert.Equal("At step 0 the gradient's norm is NaN." + Fix, suspect.SuspectReason);
        Assert.Equal([0, 1], test.Store.MissingShards());
        Assert.Equal(0, test.Store.Step);
        var record = test.Apply(test.Part(2, 0, 1), test.Part(3, 1, 1));
        Assert.Equal(valid.Apply(valid.Part(2, 0, 1), valid.Part(3, 1, 1)).GradientNorm, record.GradientNorm);
        Assert.Equal(valid.Weights, test.Weights);
    }

    [Theory]
    [InlineData(double.NaN, 1, 1)]
    [InlineData(1, double.NaN, 1)]
    [InlineData(1, 1, float.NaN)]
    public void Apply_NotFiniteAndSkipped_KeepsWeightsAndGoesOn(double reconstruction, double kl, float gradient)
    {
        var test = new StoreUnderTest(StoreUnderTest.Layout(9), 1, "training.nonFinite=skip");

        var record = test.Apply(test.Part(gradient, reconstruction: reconstruction, kl: kl));

        Assert.True(record.Skipped);
        Assert.Equal(1, record.Step);
        Assert.Equal(1, test.Store.Step);
        Assert.Equal(test.Initial, test.Weights);
    }

    [Fact]
    public void Apply_AfterASkippedStep_IsTheFirstUpdate()
    {
        var skipped = new StoreUnderTest(StoreUnderTest.Layout(9), 1, "training.nonFinite=skip");
        var plain = new StoreUnderTest(StoreUnderTest.Layout(9), 1);
        skipped.Apply(skipped.Part(float.NaN));

        Assert.False(skipped.Apply(skipped.Part(3)).Skipped);
        plain.Apply(plain.Part(3));

        // Adam corrects its moments by the updates that it made.
        Assert.Equal(plain.Weights, skipped.Weights);
    }
}
