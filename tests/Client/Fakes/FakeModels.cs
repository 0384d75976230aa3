using Google.Protobuf;
using Grpc.Core;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Tests.Fakes;

/// <summary>Answers every plot with chunks of two files, and encodes examples as their own numbers, three at a time.</summary>
internal sealed class FakeModels(FakeAnswers answers) : Models.ModelsBase
{
    public const int Total = 8;
    private const int RowsMax = 3;
    private const int Latent = 2;

    public override Task Sample(SampleRequest request, IServerStreamWriter<PlotChunk> responseStream, ServerCallContext context) => RenderAsync(request, responseStream, ".png");

    public override Task Reconstruct(ReconstructRequest request, IServerStreamWriter<PlotChunk> responseStream, ServerCallContext context) => RenderAsync(request, responseStream, ".png");

    public override Task Interpolate(InterpolateRequest request, IServerStreamWriter<PlotChunk> responseStream, ServerCallContext context) => RenderAsync(request, responseStream, ".png");

    public override Task Traverse(TraverseRequest request, IServerStreamWriter<PlotChunk> responseStream, ServerCallContext context) => RenderAsync(request, responseStream, ".png");

    public override Task Manifold(ManifoldRequest request, IServerStreamWriter<PlotChunk> responseStream, ServerCallContext context) => RenderAsync(request, responseStream, ".png");

    public override Task Scatter(ScatterRequest request, IServerStreamWriter<PlotChunk> responseStream, ServerCallContext context) => RenderAsync(request, responseStream, ".png", ".svg");

    public override Task<EncodeResponse> Encode(EncodeRequest request, ServerCallContext context)
    {
        answers.Check();
        answers.ModelsAsked.Add(request.Clone());
        var rows = Enumerable.Range(request.First, Math.Min(RowsMax, Total - request.First)).ToList();
        return Task.FromResult(new EncodeResponse
        {
            // A run that goes on: whoever does not ask for a step gets a later one each time.
            Step = request.Model.Step == 0 ? 100 + answers.ModelsAsked.Count : request.Model.Step,
            Latent = Latent,
            First = request.First,
            Total = Total,
            Mean = { rows.SelectMany(row => (float[])[row, row + 0.5f]) },
            LogVariance = { rows.SelectMany(row => (float[])[-row, -row - 0.25f]) },
            Labels = { rows.Select(row => row % 2) },
        });
    }

    public override async Task Evaluate(EvaluateRequest request, IServerStreamWriter<EvaluationProgress> responseStream, ServerCallContext context)
    {
        answers.Check();
        answers.ModelsAsked.Add(request);
        foreach (var progress in answers.Evaluation)
            await responseStream.WriteAsync(progress);
    }

    public override Task<ListEvaluationsResponse> ListEvaluations(GetRunRequest request, ServerCallContext context)
    {
        answers.Check();
        return Task.FromResult(new ListEvaluationsResponse { Evaluations = { answers.Evaluation.Where(progress => progress.Report is not null).Select(progress => progress.Report) } });
    }

    private async Task RenderAsync(IMessage request, IServerStreamWriter<PlotChunk> stream, params string[] endings)
    {
        answers.Check();
        answers.ModelsAsked.Add(request);
        foreach (var ending in endings)
        {
            for (byte piece = 1; piece <= 2; piece++)
                await stream.WriteAsync(new PlotChunk { Name = $"plot{ending}", Content = ByteString.CopyFrom(piece, (byte)ending[1]), Step = 42, Note = "Chosen." });
        }
    }
}
