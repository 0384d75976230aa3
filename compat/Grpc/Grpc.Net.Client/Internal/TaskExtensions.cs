namespace Grpc.Net.Client.Internal;

internal static class TaskExtensions
{
    /// <summary>
    /// Keeps a failure from being reported as unobserved: these tasks all fail with the call's status, which the
    /// caller gets from whichever of them it awaits.
    /// </summary>
    public static TTask Observed<TTask>(this TTask task)
        where TTask : Task
    {
        _ = task.ContinueWith(static failed => _ = failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;
    }
}
