using Grpc.Core;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Silo.Services;

/// <summary>The API of devices.</summary>
internal sealed class DevicesService : Contracts.V1.Devices.DevicesBase
{
    private readonly IGrainFactory _grains;

    public DevicesService(IGrainFactory grains) => _grains = grains;

    public override async Task<ListDevicesResponse> List(ListDevicesRequest request, ServerCallContext context)
    {
        var entries = await _grains.GetGrain<IClusterGrain>(IClusterGrain.TheKey).ListDevicesAsync();
        var response = new ListDevicesResponse();
        response.Devices.AddRange(entries.Select(entry => new DeviceInfo
        {
            Id = entry.Id,
            Silo = entry.Silo,
            Name = entry.Device.Name,
            Kind = SpecNames.Of(entry.Device.Kind),
            Description = entry.Device.Description,
            RunId = entry.RunId,
        }));
        return response;
    }
}
