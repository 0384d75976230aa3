namespace TorchSharp;

/// <summary>What one thread did with tensors, inside its scopes and outside. For tests and diagnosis.</summary>
public class ThreadDisposeScopeStatistics
{
    private long _disposedOutsideScopeCount;

    public long CreatedOutsideScopeCount { get; private set; }

    public long CreatedInScopeCount { get; private set; }

    public long DisposedInScopeCount { get; private set; }

    public long DetachedFromScopeCount { get; private set; }

    public long ThreadTotalLiveCount =>
        CreatedInScopeCount - DisposedInScopeCount + CreatedOutsideScopeCount - _disposedOutsideScopeCount;

    public void Reset()
    {
        CreatedOutsideScopeCount = 0;
        CreatedInScopeCount = 0;
        DisposedInScopeCount = 0;
        DetachedFromScopeCount = 0;
        _disposedOutsideScopeCount = 0;
    }

    internal void OnCreated(bool isInScope)
    {
        if (isInScope) CreatedInScopeCount++;
        else CreatedOutsideScopeCount++;
    }

    internal void OnDisposed(bool isInScope)
    {
        if (isInScope) DisposedInScopeCount++;
        else _disposedOutsideScopeCount++;
    }

    internal void OnDetached() => DetachedFromScopeCount++;
}
