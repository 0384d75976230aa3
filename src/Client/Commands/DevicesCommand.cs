using System.CommandLine;
using VaeCluster.Client.Output;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl devices</c>.</summary>
internal static class DevicesCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var command = new Verb(
            "devices",
            "Lists the devices of the cluster and the run that each works for.",
            "vaectl devices");
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(async client =>
            {
                var devices = (await client.Devices.ListAsync(new ListDevicesRequest(), cancellationToken: cancellationToken)).Devices;
                if (invocation.IsJson)
                    devices.ToList().ForEach(invocation.WriteJson);
                else
                    Tables.WriteDevices(invocation.Terminal, devices);
                return ExitCode.Success;
            });
        });
        return command;
    }
}
