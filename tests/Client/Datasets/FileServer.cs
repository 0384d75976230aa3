using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace VaeCluster.Client.Tests.Datasets;

/// <summary>An HTTP server on this machine that gives one content at every path, and can be set to give it badly.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FileServer(WebApplication app, byte[] content) => (_app, Content) = (app, content);

    public byte[] Content { get; set; }

    /// <summary>Answered in place of the content, when it is not 200.</summary>
    public int Status { get; set; } = 200;

    /// <summary>Whether parts are given when they are asked for.</summary>
    public bool KnowsRanges { get; set; } = true;

    /// <summary>Where each connection breaks off, counted from the first byte of its answer; none when there are no more.</summary>
    public Queue<int> Breaks { get; } = [];

    /// <summary>Whether the answer stops coming in place of breaking off.</summary>
    public bool FallsSilent { get; set; }

    /// <summary>How much the client has; a connection breaks off only when all that was sent has arrived, because what is under way is lost with it.</summary>
    public Func<long> Arrived { get; set; } = () => long.MaxValue;

    /// <summary>The ranges that were asked for; empty for all of it.</summary>
    public List<string> Asked { get; } = [];

    public Uri Address => new(_app.Urls.Single() + "/");

    public static async Task<FileServer> StartAsync(byte[] content)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new FileServer(app, content);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var range = context.Request.Headers.Range.ToString();
        lock (Asked)
            Asked.Add(range);
        if (Status != 200)
        {
            context.Response.StatusCode = Status;
            return;
        }
        var start = KnowsRanges && range.Length > 0 ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture) : 0;
        if (KnowsRanges && range.Length > 0)
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {start}-{Content.Length - 1}/{Content.Length}";
        }
        context.Response.ContentLength = Content.Length - start;
        var end = Breaks.TryDequeue(out var length) ? Math.Min(start + length, Content.Length) : Content.Length;
        await context.Response.Body.WriteAsync(Content.AsMemory(start..end), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        if (end == Content.Length)
            return;
        while (Arrived() < end)
            await Task.Delay(TimeSpan.FromMilliseconds(5), context.RequestAborted);
        if (FallsSilent)
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        context.Abort();
    }
}
