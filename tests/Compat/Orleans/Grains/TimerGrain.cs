namespace VaeCluster.Tests.OrleansCompat.Grains;

public interface ITimerGrain : IGrainWithStringKey
{
    Task Start(TimeSpan due, TimeSpan period, bool interleave);

    Task<int> Ticks();

    Task Stop();

    Task Fail();

    /// <summary>Holds the grain's turn, so that ticks have to wait, and gives the ticks that came meanwhile.</summary>
    Task<int> TicksDuring(int milliseconds);
}

public sealed class TimerGrain : Grain, ITimerGrain
{
    private IGrainTimer? _timer;
    private int _ticks;
    private bool _fail;

    public Task Start(TimeSpan due, TimeSpan period, bool interleave)
    {
        _timer = this.RegisterGrainTimer(
            (step, token) =>
            {
                token.ThrowIfCancellationRequested();
                _ticks += step;
                return _fail ? throw new InvalidOperationException("bad tick") : Task.CompletedTask;
            },
            1,
            new GrainTimerCreationOptions { DueTime = due, Period = period, Interleave = interleave });
        return Task.CompletedTask;
    }

    public Task<int> Ticks() => Task.FromResult(_ticks);

    public Task Stop()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public Task Fail()
    {
        _fail = true;
        return Task.CompletedTask;
    }

    public async Task<int> TicksDuring(int milliseconds)
    {
        var before = _ticks;
        await Task.Delay(milliseconds);
        return _ticks - before;
    }
}
