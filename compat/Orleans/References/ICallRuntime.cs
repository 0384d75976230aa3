namespace Orleans.Runtime.References;

/// <summary>Carries calls of references: a silo does, and a client does.</summary>
internal interface ICallRuntime
{
    Task<TResult> CallAsync<TArgs, TResult>(
        GrainReference target, GrainMethod<TArgs, TResult> method, TArgs arguments, CancellationToken cancellationToken)
        where TArgs : struct;
}
