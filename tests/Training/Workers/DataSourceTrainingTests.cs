
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Training.Workers;

/// <summary>Runs on the sources other than shapes: they learn, and end with the same bits however the shards were shared.</summary>
public sealed class DataSourceTrainingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Train_OnBinaryPixelsDrawnEachEpoch_GivesTheSameBits()
    {
        string[] settings = ["data.count=96", "data.test=32", "data.imageSize=8", "data.binarize=dynamic", "model.hidden=16", "model.latent=2", "training.epochs=3", "training.batch=16"];

        var (alone, shared) = (await HashAsync(settings, [0, 1, 2, 3]), await HashAsync(settings, [0, 3], [1, 2]));

        Assert.Equal(alone, shared);
        Assert.NotEqual(alone, await HashAsync([.. settings, "data.binarize=static"], [0, 1, 2, 3]));
    }

    [Fact]
    public async Task Train_OnAFolderOfJpegFiles_Learns()
    {
        for (var i = 0; i < 120; i++)
            _folder.Write($"{i:000}.jpg", JpegWriter.Rgb(40, 30, Gradient(40, 30, i)));
        var spec = ASpec.With("data.source=images", $"data.path={_folder.Path}", "data.imageSize=8", "data.channels=3", "data.test=20", "model.hidden=32", "model.latent=2", "training.epochs=30", "training.batch=20", "optimizer.learningRate=0.003");
        await using var cluster = await LocalCluster.StartAsync(spec, [0, 1], [2, 3]);
        var before = await cluster.EvaluateAsync();

        await cluster.TrainAsync();

        var after = await cluster.EvaluateAsync();
        Assert.Equal((3, 8, 100, 20), (cluster.Data.Channels, cluster.Data.Height, cluster.Data.TrainExamples, cluster.Data.TestExamples));
        // ln 2 a value is what an untrained model pays.
        Assert.InRange(before.NegativeElbo, 130, 137);
        Assert.InRange(after.NegativeElbo, 60, 120);
    }

    [Fact]
    public async Task Train_Conv64OnAFolderOfJpegFiles_Learns_ToTheSameBits()
    {
        for (var i = 0; i < 56; i++)
            _folder.Write($"{i:000}.jpg", JpegWriter.Rgb(80, 70, Gradient(80, 70, i)));
        string[] settings = ["data.source=images", $"data.path={_folder.Path}", "data.imageSize=64", "data.channels=3", "data.test=8", "model.kind=conv64", "model.latent=8", "objective.likelihood=gaussian", "objective.sigma=0.3", "training.epochs=3", "training.batch=16"];
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(settings), [0, 1], [2, 3]);
        var before = await cluster.EvaluateAsync();

        await cluster.TrainAsync();

        var after = await cluster.EvaluateAsync();
        Assert.True(after.NegativeElbo < before.NegativeElbo, $"It went from {before.NegativeElbo} to {after.NegativeElbo}.");
        Assert.Equal(cluster.Hash, await HashAsync(settings, [0, 1, 2, 3]));
    }

    private static async Task<string> HashAsync(string[] settings, params int[][] shards)
    {
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(settings), shards);
        await cluster.TrainAsync();
        return cluster.Hash;
    }

    /// <summary>A slope from black to a colour, in a direction that depends on the index.</summary>
    private static byte[] Gradient(int width, int height, int index)
    {
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < width * height; i++)
        {
            var along = index % 2 == 0 ? (double)(i % width) / width : (double)(i / width) / height;
            for (var channel = 0; channel < 3; channel++)
                pixels[(3 * i) + channel] = (byte)(255 * along * (channel == index % 3 ? 1 : 0.2));
        }
        return pixels;
    }
}
