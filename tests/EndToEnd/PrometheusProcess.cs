using System.Text.Json;

namespace VaeCluster.EndToEnd;

/// <summary>A real Prometheus on a free loopback port that scrapes one silo every second. What it stores goes with it.</summary>
internal sealed class PrometheusProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly RunningProgram _program;
    private readonly HttpClient _http;

    private PrometheusProcess(DirectoryInfo folder, RunningProgram program, int port)
    {
        (_folder, _program) = (folder, program);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public static async Task<PrometheusProcess> StartAsync(int scrapedPort)
    {
        var folder = Directory.CreateTempSubdirectory("vaecluster-prometheus-");
        var config = Path.Combine(folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(config, $"""
            global:
              scrape_interval: 1s
            scrape_configs:
              - job_name: vaecluster
                static_configs:
                  - targets: ["127.0.0.1:{scrapedPort}"]
            """);
        var port = LoopbackPorts.Free(1)[0];
        var program = OptionalProgram.StartOrSkip(
            "prometheus",
            [$"--config.file={config}", $"--storage.tsdb.path={Path.Combine(folder.FullName, "tsdb")}", $"--web.listen-address=127.0.0.1:{port}"],
            "Debian's package prometheus");
        return new PrometheusProcess(folder, program, port);
    }

    /// <summary>What a query finds; null when it finds nothing, or Prometheus does not answer yet.</summary>
    /// <exception cref="InvalidOperationException">The query is not one.</exception>
    public async Task<IReadOnlyList<JsonElement>?> QueryAsync(string expression)
    {
        if (_program.HasExited)
            throw new InvalidOperationException($"Prometheus ended. It said:\n{_program.Output}");
        try
        {
            using var response = await _http.GetAsync(new Uri($"/api/v1/query?query={Uri.EscapeDataString(expression)}", UriKind.Relative), TestContext.Current.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (response.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable)
                return null;
            if (!response.IsSuccessStatusCode)
                throw new InvalidOperationException($"Prometheus refuses {expression}: {text}");
            var found = JsonDocument.Parse(text).RootElement.GetProperty("data").GetProperty("result").EnumerateArray().ToList();
            return found.Count == 0 ? null : found;
        }
        catch (HttpRequestException)
        {
            return null; // It does not listen yet.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _program.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
