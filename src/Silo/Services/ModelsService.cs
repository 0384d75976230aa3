using Google.Protobuf;
using Grpc.Core;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Contracts.V1;
using VaeCluster.Grains.Evaluations;
using VaeCluster.Grains.Runs;
using VaeCluster.Training.Inference;

namespace VaeCluster.Silo.Services;

/// <summary>The API of trained models in use.</summary>
internal sealed class ModelsService : Models.ModelsBase
{
    private const int PieceBytes = 1 << 20;

    private readonly RunGrains _runs;
    private readonly TrainedModels _models;
    private readonly ModelEvaluations _evaluations;
    private readonly StreamCancellation _streams;

    public ModelsService(RunGrains runs, TrainedModels models, ModelEvaluations evaluations, StreamCancellation streams)
    {
        _runs = runs;
        _models = models;
        _evaluations = evaluations;
        _streams = streams;
    }

    public override Task Sample(SampleRequest request, IServerStreamWriter<PlotChunk> responseStream, ServerCallContext context)
    {
        ModelBounds.Check(request.Count, 1, ModelBounds.SamplesMax);
        return RenderAsync(request.Model, _ => request.Count, responseStream, context, model => ModelImages.Samples(model, request.Count, request.Seed));
    }

    public override Task Reconstruct(ReconstructRequest request, IServerStreamWriter<PlotChunk> responseStream, ServerCallContext context)
    {
        ModelBounds.Check(request.Count, 1, ModelBounds.ReconstructionsMax);
        return RenderAsync(request.Model, _ => 2L * request.Count, responseStream, context,
            model => ModelImages.Reconstructions(model, SplitOf(request.Split), request.First, request.Count));
    }

    public override Task Interpolate(InterpolateRequest request, IServerStreamWriter<PlotChunk> responseStream, ServerCallContext context)
    {
        ModelBounds.Check(request.Steps, 2, ModelBounds.StepsMax);
        return RenderAsync(request.Model, _ => request.Steps + 2, responseStream, context,
            model => ModelImages.Interpolation(model, SplitOf(request.Split), request.From, request.To, request.Steps, request.Spherical));
    }

    public override Task Traverse(TraverseRequest request, IServerStreamWriter<PlotChunk> responseStream, ServerCallContext context)
    {
        ModelBounds.Check(request.Steps, 2, ModelBounds.StepsMax);
        ModelBounds.CheckRange(request.Range);
        ModelBounds.CheckDimensions(request.Dimensions);
        return RenderAsync(
            request.Model,
            model => (long)ModelImages.TraversalRows(model, request.Dimensions) * request.Steps,
            responseStream,
            context,
            model =>
                ModelImages.Traversal(model, SplitOf(request.Split), request.Example, request.Dimensions, request.Range, request.Steps));
    }

    public override Task Manifold(ManifoldRequest request, IServerStreamWriter<PlotChunk> responseStream, ServerCallContext context)
    {
        ModelBounds.Check(request.Side, 2, ModelBounds.SideMax);
        return RenderAsync(request.Model, _ => (long)request.Side * request.Side, responseStream, context,
            model => ModelImages.Manifold(model, request.Side, request.Dimensions));
    }

    public override Task Scatter(ScatterRequest request, IServerStreamWriter<PlotChunk> responseStream, ServerCallContext context)
    {
        ModelBounds.Check(request.Count, 1, ModelBounds.ScatterMax);
        return RenderAsync(request.Model, _ => 0, responseStream, context,
            model => ModelImages.Scatter(model, SplitOf(request.Split), request.Count, request.Dimensions));
    }

    public override Task<EncodeResponse> Encode(EncodeRequest request, ServerCallContext context) => UseAsync(request.Model, context, model =>
    {
        var rowsMax = Math.Clamp(ModelBounds.EncodedValuesMax / model.Latent, 1, ModelBounds.EncodedRowsMax);
        if (request.Count < 0 || request.Count > rowsMax)
            throw new ArgumentException(
                $"count is {request.Count}; with {model.Latent} latent dimensions one call returns between 1 and {rowsMax} rows; 0 returns "
                    + "as many as fit. Request the others in further calls.");
        var split = SplitOf(request.Split);
        var (posterior, labels, _) = model.EncodeExamples(split, request.First, request.Count == 0 ? rowsMax : request.Count);
        return new EncodeResponse
        {
            Step = model.Source.Step,
            Latent = model.Latent,
            First = request.First,
            Total = model.CountOf(split),
            Mean = { posterior.Mean },
            LogVariance = { posterior.LogVariance },
            Labels = { labels ?? [] },
        };
    });

    public override async Task Evaluate(EvaluateRequest request, IServerStreamWriter<EvaluationProgress> responseStream, ServerCallContext context)
    {
        ModelBounds.Check(request.Samples, 0, EvaluationTask.SamplesMax);
        var model = request.Model ?? new ModelRef();
        ModelBounds.CheckStep(model.Step);
        var task = _evaluations.TaskOf(await _runs.GetAsync(model.RunId), model.Step, request.Samples);
        var sent = new EvaluationProgress();
        try
        {
            await foreach (var status in _streams.ReadAsync(cancellationToken => _evaluations.RunAsync(task, cancellationToken), context))
            {
                var progress = status.ToMessage();
                if (!progress.Equals(sent))
                    await responseStream.WriteAsync(sent = progress, context.CancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The caller no longer waits. An evaluation whose caller's silo stops goes on.
            await _evaluations.CancelAsync(task);
            throw;
        }
    }

    public override async Task<ListEvaluationsResponse> ListEvaluations(GetRunRequest request, ServerCallContext context)
    {
        await _runs.GetAsync(request.RunId); // Throws when there is no such run.
        var reports = await _evaluations.ListAsync(request.RunId, context.CancellationToken);
        return new() { Evaluations = { reports.Select(report => report.ToMessage()) } };
    }

    private Task<T> UseAsync<T>(ModelRef? reference, ServerCallContext context, Func<TrainedModel, T> work)
    {
        var model = reference ?? new ModelRef();
        ModelBounds.CheckStep(model.Step);
        return _models.UseAsync(() => _runs.GetAsync(model.RunId), model.Step, work, context.CancellationToken);
    }

    /// <param name="reference">The model.</param>
    /// <param name="images">How many images the grid is made of: what it takes in memory.</param>
    /// <param name="responseStream">Takes the files, in pieces.</param>
    /// <param name="context">The call.</param>
    /// <param name="render">Renders it, on the worker's thread.</param>
    private async Task RenderAsync(
        ModelRef reference,
        Func<TrainedModel, long> images,
        IServerStreamWriter<PlotChunk> responseStream,
        ServerCallContext context,
        Func<TrainedModel, ModelImage> render)
    {
        var (image, step) = await UseAsync(reference, context, Render);
        await WriteAsync($"{image.Name}.png", image.Png);
        if (image.Svg is not null)
            await WriteAsync($"{image.Name}.svg", image.Svg);

        (ModelImage Image, long Step) Render(TrainedModel model)
        {
            ModelBounds.CheckImages(model.Data, images(model));
            return (render(model), model.Source.Step);
        }

        async Task WriteAsync(string name, byte[] content)
        {
            for (var start = 0; start < content.Length; start += PieceBytes)
            {
                var piece = ByteString.CopyFrom(content, start, Math.Min(PieceBytes, content.Length - start));
                await responseStream.WriteAsync(new PlotChunk { Name = name, Content = piece, Step = step, Note = image.Note }, context.CancellationToken);
            }
        }
    }

    private static ExampleSplit SplitOf(Split split) => split switch
    {
        Split.HeldOut => ExampleSplit.HeldOut,
        Split.Train => ExampleSplit.Train,
        _ => throw new ArgumentException($"split is {(int)split}; it must be SPLIT_HELD_OUT or SPLIT_TRAIN."),
    };
}
