namespace TorchSharp;

/// <summary>The dispose scopes that one thread has open. Threads know nothing of each other's.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? _threadSingleton;

    public static ThreadDisposeScopeStatistics Statistics => ThreadSingleton.StatisticsOfThread;

    internal static DisposeScopeManager ThreadSingleton => _threadSingleton ??= new DisposeScopeManager();

    internal ThreadDisposeScopeStatistics StatisticsOfThread { get; } = new();

    internal DisposeScope? CurrentDisposeScope { get; private set; }

    internal DisposeScope NewDisposeScope() => CurrentDisposeScope = new DisposeScope(this);

    /// <summary>Puts a new tensor into the current scope, and returns that scope.</summary>
    internal DisposeScope? Register(torch.Tensor tensor)
    {
        StatisticsOfThread.OnCreated(CurrentDisposeScope is not null);
        CurrentDisposeScope?.Add(tensor);
        return CurrentDisposeScope;
    }

    internal void OnDisposing(torch.Tensor tensor) => StatisticsOfThread.OnDisposed(tensor.OwningDisposeScope is not null);

    /// <summary>Takes a scope that ended out of the chain; it need not be the innermost one.</summary>
    internal void Remove(DisposeScope ended)
    {
        if (CurrentDisposeScope == ended)
        {
            CurrentDisposeScope = ended.OuterScope;
            return;
        }

        for (var scope = CurrentDisposeScope; scope is not null; scope = scope.OuterScope)
        {
            if (scope.OuterScope != ended) continue;
            scope.OuterScope = ended.OuterScope;
            return;
        }
    }
}
