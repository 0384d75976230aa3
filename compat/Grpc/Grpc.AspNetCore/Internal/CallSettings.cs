using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>The default that users see in the options they are given to configure.</summary>
internal sealed class DefaultServiceOptions : IConfigureOptions<GrpcServiceOptions>
{
    public void Configure(GrpcServiceOptions options)
    {
        if (!options.IsMaxReceiveSet)
            options.MaxReceiveMessageSize = CallSettings.DefaultMaxReceiveMessageSize;
    }
}

/// <summary>What holds for the calls of one service: its own options over those of all services.</summary>
internal sealed record CallSettings(
    int? MaxSendMessageSize, int? MaxReceiveMessageSize, bool EnableDetailedErrors, bool IgnoreUnknownMethods, IReadOnlyList<InterceptorRegistration> Interceptors)
{
    public const int DefaultMaxReceiveMessageSize = 4 * 1024 * 1024;

    public static CallSettings Of(GrpcServiceOptions all, GrpcServiceOptions own) => new(
        own.IsMaxSendSet ? own.MaxSendMessageSize : all.MaxSendMessageSize,
        own.IsMaxReceiveSet ? own.MaxReceiveMessageSize : all.MaxReceiveMessageSize,
        own.EnableDetailedErrors ?? all.EnableDetailedErrors ?? false,
        own.IgnoreUnknownServices ?? all.IgnoreUnknownServices ?? false,
        [.. all.Interceptors, .. own.Interceptors]);
}
