using Grpc.Core;
using Grpc.Core.Interceptors;
using VaeCluster.Contracts;
using VaeCluster.Data;
using VaeCluster.Grains;
using VaeCluster.Training.Inference;

namespace VaeCluster.Silo.Services;

/// <summary>The one place where an exception becomes a gRPC status.</summary>
internal sealed partial class StatusInterceptor : Interceptor
{
    private readonly ILogger<StatusInterceptor> _logger;

    public StatusInterceptor(ILogger<StatusInterceptor> logger) => _logger = logger;

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw Translate(e, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw Translate(e, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw Translate(e, context);
        }
    }

    private RpcException Translate(Exception e, ServerCallContext context)
    {
        if (CallFailures.FormatErrorIn(e) is { } format)
            return new RpcException(new Status(StatusCode.FailedPrecondition, format.Message));
        if (CallFailures.StorageErrorIn(e) is { } storage && e is OrleansException)
            return new RpcException(new Status(
                StatusCode.Unavailable,
                $"The data directory is not readable and writable: {storage.Message} Nothing was changed. Repair the directory and run it again."));
        var code = e switch
        {
            KeyNotFoundException or FileNotFoundException or DirectoryNotFoundException => StatusCode.NotFound,
            ArgumentException => StatusCode.InvalidArgument,
            InvalidOperationException => StatusCode.FailedPrecondition,
            OperationCanceledException => StatusCode.Cancelled,
            TimeoutException or OrleansException => StatusCode.Unavailable,
            InferenceBusyException or LimitException => StatusCode.ResourceExhausted,
            InvalidDataException => StatusCode.DataLoss,
            DataException => StatusCode.FailedPrecondition,
            _ => StatusCode.Internal,
        };
        if (code == StatusCode.Internal)
            LogInternal(e, context.Method);
        return new RpcException(new Status(code, Shorten(MessageOf(e))));
    }

    /// <summary>The sentence, without the parameter's name that the framework appends: callers know no parameters of ours.</summary>
    private static string MessageOf(Exception e) =>
        e is ArgumentException { ParamName: { } name }
            ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
            : e.Message;

    private static string Shorten(string message) =>
        message.Length <= ApiLimits.ErrorLengthMax ? message : $"{message[..ApiLimits.ErrorLengthMax]}... ({message.Length} characters)";

    [LoggerMessage(1, LogLevel.Error, "The call {Method} failed.")]
    private partial void LogInternal(Exception e, string method);
}
