using System.Collections.Concurrent;

namespace VaeCluster.Tests.OrleansCompat.Grains;

public interface INewsObserver : IGrainObserver
{
    void Heard(string news);

    Task<int> Count(int times);
}

public sealed class NewsReader : INewsObserver
{
    public ConcurrentQueue<string> News { get; } = new();

    public void Heard(string news) => News.Enqueue(news);

    public Task<int> Count(int times) => times >= 0
        ? Task.FromResult(News.Count * times)
        : throw new ArgumentException("times is negative");
}

public interface INewsGrain : IGrainWithStringKey
{
    Task Subscribe(INewsObserver reader);

    Task Publish(string news);

    Task<int> Ask(int times);
}

public sealed class NewsGrain : Grain, INewsGrain
{
    private readonly List<INewsObserver> _readers = [];

    public Task Subscribe(INewsObserver reader)
    {
        _readers.Add(reader);
        return Task.CompletedTask;
    }

    public Task Publish(string news)
    {
        _readers.ForEach(reader => reader.Heard(news));
        return Task.CompletedTask;
    }

    public async Task<int> Ask(int times) => (await Task.WhenAll(_readers.Select(reader => reader.Count(times)))).Sum();
}
