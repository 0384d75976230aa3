using Orleans.Serialization;
using Orleans.Serialization.Wire;

namespace Orleans.Runtime.References;

/// <summary>A call that waits for its answer.</summary>
internal abstract class PendingCall(long id, GrainId target, string methodName, TimeSpan timeout)
{
    private SiloAddress? _sentTo;

    public long Id { get; } = id;

    public GrainId Target { get; } = target;

    public string MethodName { get; } = methodName;

    public TimeSpan Timeout { get; } = timeout;

    /// <summary>In ticks of <see cref="Environment.TickCount64"/>.</summary>
    public long ExpiresAt { get; } = timeout == System.Threading.Timeout.InfiniteTimeSpan
        ? long.MaxValue
        : Environment.TickCount64 + (long)timeout.TotalMilliseconds;

    /// <summary>Where the call went, so that it fails with that silo.</summary>
    public SiloAddress? SentTo
    {
        get => Volatile.Read(ref _sentTo);
        set => Volatile.Write(ref _sentTo, value);
    }

    /// <summary>Takes the answer off the wire.</summary>
    public abstract void Complete(Messaging.MessageKind kind, Messaging.FrameBody body, IReferenceBinder binder);

    public abstract void Fail(Exception exception);

    public abstract void Cancel(CancellationToken cancellationToken);
}

/// <inheritdoc cref="PendingCall"/>
internal sealed class PendingCall<TResult>(long id, GrainId target, string methodName, TimeSpan timeout, Codec<TResult> codec)
    : PendingCall(id, target, methodName, timeout)
{
    private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResult> Task => _completion.Task;

    public void Complete(TResult result) => _completion.TrySetResult(result);

    public override void Complete(Messaging.MessageKind kind, Messaging.FrameBody body, IReferenceBinder binder)
    {
        try
        {
            var reader = body.Reader(binder);
            if (kind == Messaging.MessageKind.Result) _completion.TrySetResult(codec.Read(reader));
            else Fail(Serialization.Codecs.ExceptionWire.Read(reader) ?? new OrleansException($"{MethodName} of {Target} failed without saying why."));
        }
        catch (Exception exception)
        {
            // Whatever a damaged answer throws belongs to the caller: nobody else waits for it.
            Fail(new SerializerException($"The answer of {MethodName} from {Target} cannot be read: {exception.Message}", exception));
        }
    }

    public override void Fail(Exception exception)
    {
        if (exception is OperationCanceledException canceled) _completion.TrySetException(canceled);
        else _completion.TrySetException(exception);
    }

    public override void Cancel(CancellationToken cancellationToken) => _completion.TrySetCanceled(cancellationToken);
}
