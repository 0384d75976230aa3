namespace Grpc.Core;

/// <summary>What the four kinds of calls have in common, from either of the two sets of delegates that their constructors take.</summary>
internal sealed class AsyncCallState(
    Func<Task<Metadata>> responseHeaders, Func<Status> getStatus, Func<Metadata> getTrailers, Action dispose)
{
    public AsyncCallState(
        Func<object, Task<Metadata>> responseHeaders,
        Func<object, Status> getStatus,
        Func<object, Metadata> getTrailers,
        Action<object> dispose,
        object state)
        : this(() => responseHeaders(state), () => getStatus(state), () => getTrailers(state), () => dispose(state))
    {
    }

    public Task<Metadata> ResponseHeadersAsync => responseHeaders();

    public Status GetStatus() => getStatus();

    public Metadata GetTrailers() => getTrailers();

    public void Dispose() => dispose();
}
