using Google.Protobuf.Reflection;
using Grpc.Reflection.V1;

namespace VaeCluster.Silo.Tests.Services;

/// <summary>What grpcurl and similar tools ask a silo for.</summary>
public sealed class ReflectionTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_NamesEveryServiceOfTheApi_AndHealth()
    {
        var response = await AskAsync(new ServerReflectionRequest { ListServices = "" });

        Assert.Equal(
            [
                "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection", "vaecluster.v1.Artifacts", "vaecluster.v1.Cluster",
                "vaecluster.v1.Devices", "vaecluster.v1.Models", "vaecluster.v1.Runs",
            ],
            response.ListServicesResponse.Service.Select(service => service.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task FileContaining_AMethodOfTheApi_DescribesItsMessages()
    {
        var response = await AskAsync(new ServerReflectionRequest { FileContainingSymbol = "vaecluster.v1.Runs.Submit" });

        var files = response.FileDescriptorResponse.FileDescriptorProto.Select(FileDescriptorProto.Parser.ParseFrom).ToList();
        var file = Assert.Single(files, file => file.Package == "vaecluster.v1");
        var submit = file.Service.Single(service => service.Name == "Runs").Method.Single(method => method.Name == "Submit");
        Assert.Equal((".vaecluster.v1.SubmitRequest", ".vaecluster.v1.Run"), (submit.InputType, submit.OutputType));
    }

    private async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request)
    {
        using var call = silo.Reflection.ServerReflectionInfo(cancellationToken: Token);
        await call.RequestStream.WriteAsync(request, Token);
        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext(Token));
        return call.ResponseStream.Current;
    }
}
