namespace VaeCluster.EndToEnd;

/// <summary>Silos that form a cluster around the first of them and share its data directory.</summary>
internal sealed class SiloGroup : IAsyncDisposable
{
    private readonly List<SiloProcess> _silos = [];

    public IReadOnlyList<SiloProcess> Silos => _silos;

    /// <summary>Starts one more silo and waits until it is ready.</summary>
    public async Task AddAsync(string name, string devices)
    {
        string[] arguments = _silos.Count == 0 ? ["--name", name] : ["--name", name, "--primary", $"127.0.0.1:{_silos[0].SiloPort}"];
        _silos.Add(await SiloProcess.StartAsync(devices, _silos.FirstOrDefault()?.DataDir, arguments));
    }

    public async ValueTask DisposeAsync()
    {
        // The first one last: the data are its own.
        foreach (var silo in _silos.AsEnumerable().Reverse())
            await silo.DisposeAsync();
    }
}
