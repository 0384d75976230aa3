using System.CommandLine;
using System.Reflection;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var local = new Option<bool>("--client") { Description = "Print only the version of this program; needs no silo." };
        var command = new Verb(
            "version",
            "Prints the versions of this program and of the silo that answers.",
            "vaectl version") { local };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            var own = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
            if (!invocation.IsJson)
                invocation.WriteLine($"vaectl {own}");
            if (invocation.Get(local))
            {
                if (invocation.IsJson)
                    invocation.WriteJson(new VersionResponse { Version = own });
                return Task.FromResult(ExitCode.Success);
            }
            return invocation.CallAsync(async client =>
            {
                var version = await client.Cluster.VersionAsync(new VersionRequest(), cancellationToken: cancellationToken);
                if (invocation.IsJson)
                    invocation.WriteJson(version);
                else
                    invocation.WriteLine($"silo   {version.Version} ({version.Silo} of cluster {version.ClusterId})");
                return ExitCode.Success;
            });
        });
        return command;
    }
}
