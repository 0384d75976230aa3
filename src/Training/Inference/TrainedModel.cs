using System.Runtime.InteropServices;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Data.Randomness;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Training.Models;
using VaeCluster.Training.Objectives;
using static TorchSharp.torch;

namespace VaeCluster.Training.Inference;

/// <summary>
/// A model with weights that a run trained, on the CPU, ready to encode and decode. Arrays go in and come out, never tensors. It belongs to the
/// thread of the <see cref="InferenceWorker"/> that opened it.
/// </summary>
public sealed class TrainedModel : IDisposable
{
    /// <summary>Rows that go through the network at once: enough to keep a processor busy.</summary>
    private const int RowsMax = 250;

    /// <summary>Values of the images that do: 16 MiB of float32, so that large images take no more memory than small ones.</summary>
    private const int RowValuesMax = 1 << 22;

    private readonly Autoencoder _model;
    private readonly Likelihood _likelihood;
    private readonly Func<RunSpec, DataDescription, Dataset> _open;

    private TrainedModel(ModelSource source, RunSpec spec, Autoencoder model, Func<RunSpec, DataDescription, Dataset> open)
    {
        Source = source;
        Spec = spec;
        _model = model;
        _likelihood = Likelihood.For(spec.Objective, model.LogScale);
        _open = open;
    }

    /// <summary>Where its weights come from.</summary>
    public ModelSource Source { get; }

    /// <summary>The spec of its run.</summary>
    public RunSpec Spec { get; }

    /// <summary>What its data are.</summary>
    public DataDescription Data => Source.Plan.Data;

    /// <summary>Values in the code of one example: dimensions of the latent space, where there is one.</summary>
    public int Latent => _model.Latent;

    /// <summary>Whether the model is a VAE: whether it has a posterior q(z|x) and a prior N(0, I).</summary>
    public bool IsVariational => _model is Vae;

    /// <summary>Whether its codes are entries of a codebook.</summary>
    public bool IsQuantized => _model is VqVae;

    private int RowsAtOnce => Math.Clamp(RowValuesMax / Data.Dimensions, 1, RowsMax);

    /// <summary>Builds the model and reads its weights.</summary>
    /// <param name="source">Which.</param>
    /// <param name="open">Opens the run's data, when they are first asked for.</param>
    /// <exception cref="InvalidDataException">The file does not hold the weights that the run wrote.</exception>
    internal static TrainedModel Open(ModelSource source, Func<RunSpec, DataDescription, Dataset> open)
    {
        var spec = RunSpecReader.ReadCanonical(source.Plan.SpecJson);
        var model = ModelFactory.Create(spec, source.Plan.Data);
        try
        {
            ReadWeights(model, spec, source);
            model.eval();
            return new TrainedModel(source, spec, model, open);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a use that only a VAE has.</summary>
    /// <param name="use">What was asked for, e.g. <c>A traversal</c>.</param>
    /// <exception cref="InvalidOperationException">The model has no posterior and no prior.</exception>
    public void RequireVariational(string use)
    {
        if (!IsVariational)
            throw new InvalidOperationException(
                $"{use} needs a posterior and a prior, and the model of run '{Source.Plan.RunId}' ({Spec.Model.Kind}) has neither; only a "
                    + "VAE has. `vaectl reconstruct`, `sample` and `encode` work for every model.");
    }

    /// <summary>Codes to make new examples of: draws from the prior, where there is one.</summary>
    /// <returns>Shape [count, latent].</returns>
    public float[] DrawCodes(CounterRandom random, int count)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return ValuesOf(_model.DrawCodes(random, count)).ToArray();
    }

    /// <summary>Means of p(x|z).</summary>
    /// <param name="z">Codes, shape [B, latent].</param>
    /// <returns>Shape [B, D], pixels in [0, 1] (a little beyond it where the likelihood is Gaussian).</returns>
    public float[] Decode(ReadOnlySpan<float> z)
    {
        var means = new float[z.Length / Latent * Data.Dimensions];
        for (var first = 0; first < z.Length / Latent; first += RowsAtOnce)
        {
            var rows = Math.Min(RowsAtOnce, (z.Length / Latent) - first);
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            var points = tensor(z.Slice(first * Latent, rows * Latent).ToArray(), [rows, Latent]);
            ValuesOf(_model.Range.ToUnit(_likelihood.Mean(_model.Decode(points)))).CopyTo(means.AsSpan(first * Data.Dimensions));
        }
        return means;
    }

    /// <summary>The posteriors of examples; of a model without posteriors the codes as means, and no variances.</summary>
    /// <param name="x">Examples, shape [B, D], values in [0, 1].</param>
    public PosteriorBatch Encode(ReadOnlySpan<float> x)
    {
        var count = x.Length / Data.Dimensions;
        var (means, logVariances) = (new float[count * Latent], new float[IsVariational ? count * Latent : 0]);
        for (var first = 0; first < count; first += RowsAtOnce)
        {
            var rows = Math.Min(RowsAtOnce, count - first);
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            var examples = _model.Range.FromUnit(tensor(x.Slice(first * Data.Dimensions, rows * Data.Dimensions).ToArray(), [rows, Data.Dimensions]));
            if (_model is Vae vae)
            {
                var (mean, logVariance) = vae.Encode(examples);
                ValuesOf(mean).CopyTo(means.AsSpan(first * Latent));
                ValuesOf(logVariance).CopyTo(logVariances.AsSpan(first * Latent));
            }
            else
            {
                ValuesOf(_model.Code(examples)).CopyTo(means.AsSpan(first * Latent));
            }
        }
        return new(means, logVariances);
    }

    /// <summary>
    /// The posteriors of examples of the run's data, and their labels; see <see cref="Examples"/> for the arguments. Pixels are read a few
    /// rows at a time.
    /// </summary>
    /// <returns>The posteriors, the class of each example (null where the source has none), and how many there are.</returns>
    public (PosteriorBatch Posterior, int[]? Labels, int Count) EncodeExamples(ExampleSplit split, int first, int count)
    {
        var (dataset, indices) = Find(split, first, count);
        var (means, logVariances) = (new float[indices.Length * Latent], new float[IsVariational ? indices.Length * Latent : 0]);
        for (var row = 0; row < indices.Length; row += RowsAtOnce)
        {
            var batch = Encode(PixelsOf(dataset, indices[row..Math.Min(indices.Length, row + RowsAtOnce)]));
            batch.Mean.CopyTo(means, row * Latent);
            batch.LogVariance.CopyTo(logVariances, row * Latent);
        }
        return (new(means, logVariances), LabelsOf(dataset, indices), indices.Length);
    }

    /// <summary>What a class is called: its number, where the source does not know better.</summary>
    /// <exception cref="DataException">The data are not there, or not those of the run.</exception>
    public string NameOf(int label) =>
        _open(Spec, Data).Classes is { } classes && label < classes.Count ? classes[label] : label.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>How many examples a split has.</summary>
    public int CountOf(ExampleSplit split) => split == ExampleSplit.HeldOut ? Data.TestExamples : Data.TrainExamples;

    /// <summary>Examples of the run's data.</summary>
    /// <param name="split">Of which part.</param>
    /// <param name="first">The first, counted from 0 in that part.</param>
    /// <param name="count">How many at most; fewer come where the part ends.</param>
    /// <exception cref="ArgumentException">The part has no such example.</exception>
    /// <exception cref="DataException">The data are not there, or not those of the run.</exception>
    public ExampleBatch Examples(ExampleSplit split, int first, int count)
    {
        var (dataset, indices) = Find(split, first, count);
        return new(indices.Length, PixelsOf(dataset, indices), LabelsOf(dataset, indices));
    }

    private (Dataset Dataset, int[] Indices) Find(ExampleSplit split, int first, int count)
    {
        var available = CountOf(split);
        var name = split == ExampleSplit.HeldOut ? "held-out" : "training";
        if (first < 0 || first >= available)
            throw new ArgumentException(
                $"Example {first} is requested, but run '{Source.Plan.RunId}' has {available} {name} "
                    + $"examples{(available == 0 ? "" : $", 0 to {available - 1}")}. Choose one of them, or the other split.");
        var dataset = _open(Spec, Data);
        var chosen = Enumerable.Range(first, Math.Min(count, available - first));
        return (dataset, [.. chosen.Select(i => split == ExampleSplit.HeldOut ? dataset.TestIndex(Data, i) : i)]);
    }

    private float[] PixelsOf(Dataset dataset, int[] indices)
    {
        var pixels = new float[indices.Length * Data.Dimensions];
        dataset.CopyTo(indices, pixels);
        return pixels;
    }

    private static int[]? LabelsOf(Dataset dataset, int[] indices) => dataset.Labels is { } labels ? [.. indices.Select(i => (int)labels[i])] : null;

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private static void ReadWeights(Autoencoder model, RunSpec spec, ModelSource source)
    {
        // The file may have more behind the model's tensors: the state of local steps.
        var layout = ModelLayout.Of(spec, source.Plan.Data);
        var weights = WeightsFile.Read(source, layout);
        var tensors = model.named_parameters().Select(named => (Tensor)named.Item2).Concat(ModelFactory.RunningStatistics(model).Select(named => named.Values));
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (slot, tensor) in layout.Slots.Zip(tensors))
            PartedVector.Read(weights.Parts, slot.Offset, tensor.bytes);
    }

    private static ReadOnlySpan<float> ValuesOf(Tensor values) => MemoryMarshal.Cast<byte, float>(values.contiguous().bytes);
}
