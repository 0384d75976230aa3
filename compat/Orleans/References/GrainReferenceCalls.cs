using Orleans.Runtime.References;

namespace Orleans.Runtime;

/// <summary>The side of a reference that its proxy class calls.</summary>
public partial class GrainReference
{
    internal Task CallTask<TArgs>(int method, TArgs arguments, CancellationToken cancellationToken) where TArgs : struct =>
        CallTaskOf<TArgs, Nothing>(method, arguments, cancellationToken);

    internal Task<TResult> CallTaskOf<TArgs, TResult>(int method, TArgs arguments, CancellationToken cancellationToken) where TArgs : struct =>
        Shared.References.Calls.CallAsync(this, (GrainMethod<TArgs, TResult>)Shared.Contract.Methods[method], arguments, cancellationToken);

    internal ValueTask CallValueTask<TArgs>(int method, TArgs arguments, CancellationToken cancellationToken) where TArgs : struct =>
        new(CallTaskOf<TArgs, Nothing>(method, arguments, cancellationToken));

    internal ValueTask<TResult> CallValueTaskOf<TArgs, TResult>(int method, TArgs arguments, CancellationToken cancellationToken) where TArgs : struct =>
        new(CallTaskOf<TArgs, TResult>(method, arguments, cancellationToken));

    /// <summary>Nobody awaits a void method: a failure to send it is logged where it happens.</summary>
    internal void CallVoid<TArgs>(int method, TArgs arguments, CancellationToken cancellationToken) where TArgs : struct =>
        _ = CallTaskOf<TArgs, Nothing>(method, arguments, cancellationToken);
}
