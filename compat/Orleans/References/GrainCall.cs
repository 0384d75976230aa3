using Orleans.Runtime.Messaging;
using Orleans.Serialization.Wire;

namespace Orleans.Runtime.References;

/// <summary>One call of a grain: its arguments, and on the grain's side its result.</summary>
internal abstract class GrainCall
{
    public abstract GrainMethod Method { get; }

    /// <summary>The same call with arguments of its own, for a grain in this process.</summary>
    public abstract GrainCall Snapshot();

    public abstract void WriteArguments(FrameWriter writer);

    public abstract ValueTask InvokeAsync(object target, CancellationToken cancellationToken);

    public abstract void WriteResult(FrameWriter writer);

    /// <summary>Hands a copy of the result to a caller in this process.</summary>
    public abstract void CompleteLocally(PendingCall pending);
}

/// <inheritdoc cref="GrainCall"/>
internal sealed class GrainCall<TArgs, TResult>(GrainMethod<TArgs, TResult> method, TArgs arguments) : GrainCall where TArgs : struct
{
    private TArgs _arguments = arguments;
    private TResult? _result;

    public override GrainMethod Method => method;

    public override GrainCall Snapshot() => new GrainCall<TArgs, TResult>(method, method.CopyArguments(ref _arguments));

    public override void WriteArguments(FrameWriter writer) => method.WriteArguments(writer, ref _arguments);

    public override async ValueTask InvokeAsync(object target, CancellationToken cancellationToken) =>
        _result = await method.Invoke(target, _arguments, cancellationToken);

    public override void WriteResult(FrameWriter writer) => method.Result.Write(writer, _result!);

    public override void CompleteLocally(PendingCall pending)
    {
        if (pending is RelayCall relay) relay.Complete(this);
        else ((PendingCall<TResult>)pending).Complete(method.Result.Copy(_result!, 0));
    }
}
