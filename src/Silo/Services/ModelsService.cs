using Google.Protobuf;
using Grpc.Core;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Contracts.V1;
using VaeCluster.Training.Inference;

namespace VaeCluster.Silo.Services;

/// <summary>The API of trained models in use.</summary>
internal sealed class ModelsService : Models.ModelsBase
{
    private const int PieceBytes = 1 << 20;

    private readonly TrainedModels _models;
    private readonly ModelEvaluations _evaluations;

    public ModelsService(TrainedModels models, ModelEvaluations evaluations) => (_models, _evaluations) = (models, evaluations);

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

    public override Task<EncodeResponse> Encode(EncodeRequest request, ServerCallContext context) => _models.UseAsync(request.Model, model =>
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
    }, context.CancellationToken);

    public override Task Evaluate(EvaluateRequest request, IServerStreamWriter<EvaluationProgress> responseStream, ServerCallContext context)
    {
        ModelBounds.Check(request.Samples, 0, EvaluationTask.SamplesMax);
        return _evaluations.EvaluateAsync(request.Model ?? new ModelRef(), request.Samples, responseStream, context);
    }

    public override async Task<ListEvaluationsResponse> ListEvaluations(GetRunRequest request, ServerCallContext context) =>
        new() { Evaluations = { await _evaluations.ListAsync(request.RunId) } };

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
        var (image, step) = await _models.UseAsync(reference, Render, context.CancellationToken);
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
                await responseStream.WriteAsync(new PlotChunk { Name = name, Content = piece, Step = step, Note = image.Note });
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
