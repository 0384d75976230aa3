using System.Runtime.InteropServices;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Tests.Support;
using VaeCluster.Training.Export;
using VaeCluster.Training.Export.Onnx;
using VaeCluster.Training.Models;
using VaeCluster.Training.Objectives;
using static TorchSharp.torch;

namespace VaeCluster.Tests.Training.Export;

/// <summary>Every model, exported and run in runtimes that we did not write, against what it computes here.</summary>
public sealed class ModelExporterTests : IDisposable
{
    private const int Count = 3;
    private const float Tolerance = 1e-4f;
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _results = new();

    public static TheoryData<string, string> Models => new()
    {
        { "model.kind=mlp;model.hidden=[32,16];model.latent=3", "1x6x5" },
        { "model.kind=mlp;model.hidden=[16];model.latent=3;model.activation=tanh", "3x4x4" },
        { "model.kind=mlp;model.hidden=[16];model.activation=leaky-relu", "1x4x4" },
        { "model.kind=mlp;model.hidden=[16];model.activation=elu", "1x4x4" },
        { "model.kind=mlp;model.hidden=[16];model.activation=gelu", "1x4x4" },
        { "model.kind=mlp;model.hidden=[16];model.activation=silu", "1x4x4" },
        { "model.kind=mlp;model.hidden=[16];model.activation=softplus", "1x4x4" },
        { "model.kind=mlp;model.hidden=[16];model.activation=sigmoid", "1x4x4" },
        { "model.kind=mlp;model.hidden=[16];objective.likelihood=gaussian;objective.sigmaMode=learned", "1x4x4" },
        // Its file has the state of the inner optimizer too, of which no export needs anything.
        { "model.kind=mlp;model.hidden=[16];model.latent=3;training.localSteps=2", "1x4x4" },
        { "model.kind=conv28;model.latent=2", "1x28x28" },
        { "model.kind=conv28;model.latent=20;objective.likelihood=gaussian;objective.mean=sigmoid", "1x28x28" },
        { "model.kind=conv64;objective.likelihood=gaussian", "3x64x64" },
        { "model.kind=ae;model.hidden=[16];model.latent=4", "1x4x4" },
        { "model.kind=vq;model.hidden=[8];model.latent=4;model.codes=10", "1x8x12" },
        { "model.kind=vq;model.hidden=[8];model.latent=4;model.codes=10;objective.likelihood=gaussian", "3x8x8" },
    };

    public void Dispose()
    {
        _folder.Dispose();
        _results.Dispose();
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Onnx_InOnnxruntime_ComputesWhatTheModelDoes(string settings, string shape)
    {
        var test = Prepare(settings, shape);

        var names = ModelExporter.Export(test.Spec, test.Data, _folder.Path, ExportFormat.Onnx);
        var encoded = OnnxModels.Run(File("encoder.onnx"), "x", test.X, [Count, .. Sides(shape)]);
        var decoded = OnnxModels.Run(File("decoder.onnx"), "z", test.Z, [Count, test.Z.Length / Count]);

        Assert.Equal(["encoder.onnx", "decoder.onnx"], names);
        Assert.Equal([Count, .. Sides(shape)], decoded["pixels"].Shape);
        Compare(test.Expected, encoded.Concat(decoded).ToDictionary(output => output.Key, output => output.Value.Values));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Module_InPyTorch_ComputesWhatTheModelDoes(string settings, string shape)
    {
        var test = Prepare(settings, shape);
        Save("x", test.X);
        Save("z", test.Z);

        var names = ModelExporter.Export(test.Spec, test.Data, _folder.Path, ExportFormat.Pytorch);
        var output = await PyTorchModels.RunAsync(_folder.Path, File("x"), File("z"), _results.Path);

        Assert.Equal(["model.py", "model.safetensors"], names);
        Assert.Contains($"pixels {Count}x{shape}", output, StringComparison.Ordinal);
        Compare(test.Expected, test.Expected.Keys.ToDictionary(name => name, ReadResult));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Onnx_Graphs_UseWhatIsDefinedBefore_AndEveryParameterOnce(string settings, string shape)
    {
        var test = Prepare(settings, shape);

        ModelExporter.Export(test.Spec, test.Data, _folder.Path, ExportFormat.Onnx);

        var halves = new[] { "encoder.onnx", "decoder.onnx" }.Select(name => ModelProto.Parser.ParseFrom(System.IO.File.ReadAllBytes(File(name)))).ToList();
        foreach (var half in halves)
        {
            Assert.Equal((7, 13), (half.IrVersion, half.OpsetImport.Single().Version));
            var known = half.Graph.Input.Select(input => input.Name).Concat(half.Graph.Initializer.Select(tensor => tensor.Name)).ToHashSet();
            foreach (var node in half.Graph.Node)
            {
                Assert.All(node.Input, input => Assert.Contains(input, known));
                Assert.All(node.Output, output => Assert.True(known.Add(output), $"{output} is made twice."));
            }
            Assert.All(half.Graph.Output, output => Assert.Contains(output.Name, known));
        }
        var written = halves.SelectMany(half => half.Graph.Initializer).Select(tensor => $"{tensor.Name} {string.Join('x', tensor.Dims)}").ToList();
        var slots = ModelLayout.Of(test.Spec, test.Data).Slots.ToLookup(slot => slot.Name.StartsWith(InnerState.Prefix, StringComparison.Ordinal));
        Assert.DoesNotContain(written, name => name.StartsWith(InnerState.Prefix, StringComparison.Ordinal));
        Assert.Equal(settings.Contains("localSteps", StringComparison.Ordinal), slots[true].Any());
        foreach (var slot in slots[false].Where(slot => slot.Name != "log_scale"))
            Assert.Single(written, $"{slot.Name} {string.Join('x', slot.Shape)}");
    }

    [Fact]
    public void Export_Twice_GivesTheSameBytes_AndLeavesNothingElse()
    {
        var test = Prepare("model.kind=conv28", "1x28x28");
        ModelExporter.Export(test.Spec, test.Data, _folder.Path, ExportFormat.Onnx);
        var first = System.IO.File.ReadAllBytes(File("decoder.onnx"));

        ModelExporter.Export(test.Spec, test.Data, _folder.Path, ExportFormat.Onnx);

        Assert.Equal(first, System.IO.File.ReadAllBytes(File("decoder.onnx")));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.partial"));
    }

    [Fact]
    public void Export_BeforeThereIsAModel_SaysWhatIsMissing() =>
        Assert.Equal(
            $"There is no model.safetensors in {_folder.Path}.",
            Assert.Throws<FileNotFoundException>(() => ModelExporter.Export(ASpec.With(), ASpec.Data(4), _folder.Path, ExportFormat.Onnx)).Message);

    [Fact]
    public void Export_OfAnotherModelsParameters_SaysSo()
    {
        var test = Prepare("model.kind=mlp;model.hidden=[8]", "1x4x4");

        var other = ASpec.With("model.hidden=[9]");

        Assert.Throws<InvalidDataException>(() => ModelExporter.Export(other, test.Data, _folder.Path, ExportFormat.Onnx));
    }

    private string File(string name) => Path.Combine(_folder.Path, name);

    /// <summary>Makes a model with weights of both signs, writes its parameters, and computes its results for random inputs.</summary>
    private Prepared Prepare(string settings, string shape)
    {
        var sides = Sides(shape);
        var data = new DataDescription((int)sides[0], (int)sides[1], (int)sides[2], 1, 0, "");
        var spec = ASpec.With(settings.Split(';'));
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = ModelFactory.Create(spec, data);
        Scatter(model, ModelLayout.Of(spec, data));
        model.eval();
        var random = new Random(3);
        var x = Draw(Count * data.Dimensions, () => random.NextSingle());
        var z = Draw(Count * model.Latent, () => (3 * random.NextSingle()) - 1.5f);

        var examples = model.Range.FromUnit(tensor(x, [Count, data.Dimensions]));
        var output = model.Decode(tensor(z, [Count, model.Latent]));
        var expected = new Dictionary<string, float[]>
        {
            ["output"] = Values(output),
            ["pixels"] = Values(model.Range.ToUnit(Likelihood.For(spec.Objective, model.LogScale).Mean(output))),
        };
        if (model is Vae vae)
            (expected["mean"], expected["log_variance"]) = (Values(vae.Encode(examples).Mean), Values(vae.Encode(examples).LogVariance));
        else
            expected["code"] = Values(model.Code(examples));
        return new(spec, data, x, z, expected);
    }

    /// <summary>Sets parameters and running statistics to draws, and writes them as a run does.</summary>
    private void Scatter(Autoencoder model, ParameterLayout layout)
    {
        var random = new Random(1);
        var all = model.named_parameters().Select(named => (named.Item1, (Tensor)named.Item2)).Concat(ModelFactory.RunningStatistics(model).Select(named => (named.Name, named.Values))).ToDictionary();
        using var weights = WeightsSnapshot.Create(layout, new float[layout.Length]);
        foreach (var slot in layout.Slots)
        {
            var fanIn = slot.Shape.Count > 1 ? slot.Length / (float)slot.Shape[0] : 4f;
            var isVariance = slot.Name.EndsWith("running_var", StringComparison.Ordinal);
            var values = Draw(slot.Length, () => isVariance ? 0.5f + random.NextSingle() : (random.NextSingle() - 0.5f) * 3 / MathF.Sqrt(fanIn));
            if (!slot.Name.StartsWith(InnerState.Prefix, StringComparison.Ordinal))
                MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(all[slot.Name].bytes);
            PartedVector.Write(weights.Parts, slot.Offset, MemoryMarshal.AsBytes(values.AsSpan()));
        }
        SafetensorsFile.Write(File(ModelExporter.ParametersName), layout, weights.ToArrays(), new Dictionary<string, string>());
    }

    private static void Compare(IReadOnlyDictionary<string, float[]> expected, Dictionary<string, float[]> found)
    {
        foreach (var (name, values) in expected)
        {
            Assert.Equal(values.Length, found[name].Length);
            var worst = values.Zip(found[name], (a, b) => MathF.Abs(a - b)).Max();
            Assert.True(worst <= Tolerance, $"{name} differs by {worst}.");
            Assert.True(values.Max() - values.Min() > 100 * Tolerance, $"All values of {name} are alike, so that nothing was tested.");
        }
    }

    private float[] ReadResult(string name) =>
        MemoryMarshal.Cast<byte, float>(System.IO.File.ReadAllBytes(Path.Combine(_results.Path, name))).ToArray();

    private static long[] Sides(string shape) => Array.ConvertAll(shape.Split('x'), long.Parse);

    private void Save(string name, float[] values) => System.IO.File.WriteAllBytes(File(name), MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    private static float[] Draw(int count, Func<float> draw) => [.. Enumerable.Range(0, count).Select(_ => draw())];

    private static float[] Values(Tensor values) => MemoryMarshal.Cast<byte, float>(values.contiguous().bytes).ToArray();

    /// <summary>A model on disk, inputs for both of its halves, and its results for them.</summary>
    private sealed record Prepared(RunSpec Spec, DataDescription Data, float[] X, float[] Z, IReadOnlyDictionary<string, float[]> Expected);
}
