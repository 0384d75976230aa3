using Google.Protobuf;
using Grpc.Core;
using VaeCluster.Client.Tests.Fakes;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Tests;

/// <summary>The commands that put a trained model to use, against a fake cluster.</summary>
public sealed class ModelCommandTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vaectl-tests-").FullName;
    private FakeCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await FakeCluster.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public static TheoryData<string, IMessage> Lines { get; } = new()
    {
        { "sample r", new SampleRequest { Model = Newest, Count = 100, Seed = 1 } },
        { "sample r --count 7 --seed 9 --step 5", new SampleRequest { Model = new ModelRef { RunId = "r", Step = 5 }, Count = 7, Seed = 9 } },
        { "sample r@5", new SampleRequest { Model = new ModelRef { RunId = "r", Step = 5 }, Count = 100, Seed = 1 } },
        { "sample r@5 --step 5", new SampleRequest { Model = new ModelRef { RunId = "r", Step = 5 }, Count = 100, Seed = 1 } },
        { "reconstruct r", new ReconstructRequest { Model = Newest, Count = 40 } },
        { "reconstruct r --split train --first 3 --count 8", new ReconstructRequest { Model = Newest, Split = Split.Train, First = 3, Count = 8 } },
        { "interpolate r 4 9", new InterpolateRequest { Model = Newest, From = 4, To = 9, Steps = 11 } },
        { "interpolate r 4 9 --steps 5 --spherical --split train", new InterpolateRequest { Model = Newest, From = 4, To = 9, Steps = 5, Spherical = true, Split = Split.Train } },
        { "traverse r", new TraverseRequest { Model = Newest, Range = 3, Steps = 11 } },
        { "traverse r --dims 3,1 --example 2 --range 1.5 --steps 4", new TraverseRequest { Model = Newest, Dimensions = { 3, 1 }, Example = 2, Range = 1.5, Steps = 4 } },
        { "manifold r", new ManifoldRequest { Model = Newest, Side = 20 } },
        { "manifold r --side 5 --dims 0,4", new ManifoldRequest { Model = Newest, Side = 5, Dimensions = { 0, 4 } } },
        { "scatter r", new ScatterRequest { Model = Newest, Count = 5000 } },
        { "scatter r --count 9 --dims 1,0 --split held-out", new ScatterRequest { Model = Newest, Count = 9, Dimensions = { 1, 0 } } },
    };

    private static ModelRef Newest => new() { RunId = "r" };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Plot_AsksForWhatTheLineSays_AndWritesTheCompleteFile(string line, IMessage request)
    {
        var to = Path.Combine(_folder, "sub", "plot.png");

        var result = await _cluster.RunAsync([.. line.Split(' '), "--to", to]);

        Assert.Equal((ExitCode.Success, "vaectl: weights of step 42. Chosen.\n"), (result.ExitCode, result.Error));
        Assert.Equal(request, Assert.Single(_cluster.Answers.ModelsAsked));
        Assert.Equal(to, result.Lines[0]);
        Assert.Equal([1, (byte)'p', 2, (byte)'p'], await File.ReadAllBytesAsync(to, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Scatter_WritesBothForms_UnderOneName_AndSaysSoAsJson()
    {
        var result = await _cluster.RunAsync("scatter", "r", "--to", Path.Combine(_folder, "plot.svg"), "-o", "json");

        string[] files = [Path.Combine(_folder, "plot.png"), Path.Combine(_folder, "plot.svg")];
        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Equal(new SavedFiles { Files = { files }, Step = 42, Note = "Chosen." }, JsonParser.Default.Parse<SavedFiles>(Assert.Single(result.Lines)));
        Assert.Equal(files, Directory.EnumerateFiles(_folder).Order());
        Assert.Equal([1, (byte)'s', 2, (byte)'s'], await File.ReadAllBytesAsync(files[1], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Encode_FetchesAllRows_OfTheWeightsThatItBeganWith_AndWritesThemAsNpyAndCsv()
    {
        var result = await _cluster.RunAsync("encode", "r", "--to", Path.Combine(_folder, "latent"));

        Assert.Equal((ExitCode.Success, "vaectl: weights of step 101.\n"), (result.ExitCode, result.Error));
        Assert.Equal([(0, 0L), (3, 101L), (6, 101L)], _cluster.Answers.ModelsAsked.Cast<EncodeRequest>().Select(asked => (asked.First, asked.Model.Step)));
        Assert.Equal(["latent-logvar.npy", "latent.csv", "latent.npy"], Directory.EnumerateFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var csv = await File.ReadAllLinesAsync(Path.Combine(_folder, "latent.csv"), TestContext.Current.CancellationToken);
        Assert.Equal("example,label,mean_0,mean_1,logvar_0,logvar_1", csv[0]);
        Assert.Equal("7,1,7,7.5,-7,-7.25", csv[FakeModels.Total]);
        Assert.Equal(FakeModels.Total + 1, csv.Length);
        var npy = await File.ReadAllBytesAsync(Path.Combine(_folder, "latent.npy"), TestContext.Current.CancellationToken);
        Assert.Equal(128 + (4 * 2 * FakeModels.Total), npy.Length);
        Assert.Equal("\u0093NUMPY\u0001\0v\0{'descr': '<f4', 'fortran_order': False, 'shape': (8, 2), }", System.Text.Encoding.Latin1.GetString(npy)[..127].TrimEnd());
        Assert.Equal((byte)'\n', npy[127]);
        Assert.Equal(7.5f, BitConverter.ToSingle(npy.AsSpan()[^4..]));
    }

    [Fact]
    public async Task Encode_OfSome_WritesNoMoreThanAskedFor_InTheFormOfTheEnding()
    {
        var result = await _cluster.RunAsync("encode", "r", "--first", "2", "--count", "4", "--to", Path.Combine(_folder, "some.csv"));

        Assert.Equal(ExitCode.Success, result.ExitCode);
        Assert.Equal(["some.csv"], Directory.EnumerateFiles(_folder).Select(Path.GetFileName));
        var csv = await File.ReadAllLinesAsync(Path.Combine(_folder, "some.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(["2", "3", "4", "5"], csv.Skip(1).Select(line => line.Split(',')[0]));
    }

    [Theory]
    [InlineData("encode r --to x.txt", "vaectl: --to is 'x.txt'; the file must end in .npy or .csv, or have no extension for both.\n")]
    [InlineData("sample r@0", "vaectl: The run is 'r@0'; the part after the @ must be the step of a checkpoint, as in mnist-mlp-1@500. Leave it out for the newest weights.\n")]
    [InlineData("evaluate r@last", "vaectl: The run is 'r@last'; the part after the @ must be the step of a checkpoint, as in mnist-mlp-1@500. Leave it out for the newest weights.\n")]
    [InlineData("encode r@5 --step 6", "vaectl: The run is 'r@5' and --step is 6; name one step.\n")]
    [InlineData("encode r --count -1", "vaectl: --count is -1; it must be 0, for all examples, or more.\n")]
    [InlineData("manifold r --dims 0,b", "vaectl: --dims is '0,b'; it must be numbers of latent dimensions from 0, such as 0,1.\nvaectl: `vaectl manifold --help` shows the usage.\n")]
    [InlineData("scatter r --split all", "vaectl: --split is 'all'; it must be held-out or train.\nvaectl: `vaectl scatter --help` shows the usage.\n")]
    public async Task CommandLine_ThatIsAtFault_ExitsWith2_AndAsksNobody(string line, string error)
    {
        var result = await _cluster.RunAsync(line.Split(' '));

        Assert.Equal((ExitCode.Usage, "", error), (result.ExitCode, result.Output, result.Error));
        Assert.Empty(_cluster.Answers.ModelsAsked);
    }

    [Fact]
    public async Task Plot_ThatIsRefused_LeavesNoFile()
    {
        _cluster.Answers.Refusal = new Status(StatusCode.InvalidArgument, "side is 1; it must be between 2 and 64.");

        var result = await _cluster.RunAsync("manifold", "r", "--side", "1", "--to", Path.Combine(_folder, "x.png"));

        Assert.Equal((ExitCode.Usage, "vaectl: side is 1; it must be between 2 and 64.\n"), (result.ExitCode, result.Error));
        Assert.Empty(Directory.EnumerateFiles(_folder));
    }
}
