using System.Text;
using System.Xml.Linq;
using VaeCluster.Tests.Support;
using VaeCluster.Training.Inference;

namespace VaeCluster.Tests.Training.Inference;

public sealed class ModelImagesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names { get; } = [.. Renderings.Keys];

    private static Dictionary<string, Func<TrainedModel, ModelImage>> Renderings => new()
    {
        ["samples"] = model => ModelImages.Samples(model, 12, 3),
        ["reconstructions"] = model => ModelImages.Reconstructions(model, ExampleSplit.HeldOut, 0, 13),
        ["interpolation"] = model => ModelImages.Interpolation(model, ExampleSplit.Train, 2, 39, 5, spherical: true),
        ["traversal"] = model => ModelImages.Traversal(model, ExampleSplit.HeldOut, 1, [], 3, 5),
        ["manifold"] = model => ModelImages.Manifold(model, 6, [2, 0]),
        ["scatter"] = model => ModelImages.Scatter(model, ExampleSplit.HeldOut, 100, []),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Image_IsNamedAndComplete_AndTheSameBytesFromAnotherWorker(string name)
    {
        await using var worker = new InferenceWorker();
        await using var another = new InferenceWorker();
        var source = AModel.WriteTo(_folder);

        var image = await worker.AskAsync(source, Renderings[name]);
        var again = await another.AskAsync(source, Renderings[name]);

        Assert.Equal(name, image.Name);
        Assert.True(PngReader.Read(image.Png).Pixels.Distinct().Count() > 3, "The image shows nothing.");
        Assert.Equal(image.Png, again.Png);
    }

    [Fact]
    public async Task Samples_OfAnotherSeed_AreOthers()
    {
        await using var worker = new InferenceWorker();

        var (one, two) = await worker.AskAsync(AModel.WriteTo(_folder), model => (ModelImages.Samples(model, 4, 1), ModelImages.Samples(model, 4, 2)));

        Assert.NotEqual(one.Png, two.Png);
    }

    [Fact]
    public async Task Scatter_WithoutChosenDimensions_TakesTheTwoWithTheLargestKl_AndSaysSo()
    {
        await using var worker = new InferenceWorker();

        var (image, kl) = await worker.AskAsync(AModel.WriteTo(_folder), model => (ModelImages.Scatter(model, ExampleSplit.HeldOut, 100, []), KlOf(model)));

        var largest = Enumerable.Range(0, 3).OrderByDescending(dimension => kl[dimension]).Take(2).ToArray();
        Assert.Equal($"Dimensions {largest[0]} and {largest[1]} of 3 are shown: their KL is the largest.", image.Note);
        var svg = XDocument.Parse(Encoding.UTF8.GetString(image.Svg!));
        Assert.Contains($"z{largest[0]}", svg.Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value.Trim()));
    }

    [Theory]
    [InlineData(new[] { 1 }, "The dimensions are 1; a plane needs two different ones. Give two, or none for the default.")]
    [InlineData(new[] { 1, 1 }, "The dimensions are 1, 1; a plane needs two different ones. Give two, or none for the default.")]
    [InlineData(new[] { 0, 3 }, "Dimension 3 is requested, but the model of run 'tested-1' has 3, 0 to 2.")]
    public async Task Manifold_OfDimensionsThatSpanNoPlane_IsRefused(int[] dimensions, string message)
    {
        await using var worker = new InferenceWorker();

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => worker.AskAsync(AModel.WriteTo(_folder), model => ModelImages.Manifold(model, 3, dimensions)));

        Assert.Equal(message, refused.Message);
    }

    [Fact]
    public async Task Manifold_OfOneDimension_SaysWhatIsPossible()
    {
        await using var worker = new InferenceWorker();

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => worker.AskAsync(AModel.WriteTo(_folder, "model.latent=1"), model => ModelImages.Manifold(model, 3, [])));

        Assert.StartsWith("The model of run 'tested-1' has 1 latent dimension; a plane needs 2.", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The mean KL of each dimension, by its formula.</summary>
    private static double[] KlOf(TrainedModel model)
    {
        var (posterior, _, count) = model.EncodeExamples(ExampleSplit.HeldOut, 0, 100);
        return [.. Enumerable.Range(0, model.Latent).Select(dimension => Enumerable.Range(0, count).Average(row =>
        {
            var i = (row * model.Latent) + dimension;
            return 0.5 * (Math.Pow(posterior.Mean[i], 2) + Math.Exp(posterior.LogVariance[i]) - 1 - posterior.LogVariance[i]);
        }))];
    }
}
