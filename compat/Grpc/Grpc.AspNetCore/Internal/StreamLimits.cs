using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Lifts the web server's limits from streams, which may be slow and endless on purpose.</summary>
internal static class StreamLimits
{
    public static void AllowLongRequest(HttpContext context)
    {
        AllowLongResponse(context);
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
    }

    public static void AllowLongResponse(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RequestTimeoutAttribute>() is null)
            context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
    }
}
