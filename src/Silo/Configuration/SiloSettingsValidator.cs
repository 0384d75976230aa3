using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;
using VaeCluster.Training.Workers;

namespace VaeCluster.Silo.Configuration;

/// <summary>Finds everything that would keep a silo from starting, before anything is started.</summary>
internal static class SiloSettingsValidator
{
    private const string NameRule = "1 to 60 letters, digits, dashes and dots";

    /// <summary>The levels by name: the parser of enumerations would also take numbers, and "none", which hides why a silo ends.</summary>
    private static readonly string[] LogLevels = ["trace", "debug", "information", "warning", "error", "critical"];

    public static void Validate(SiloSettings options, List<string> faults)
    {
        CheckName("--name", options.EffectiveName, faults);
        CheckName("--cluster-id", options.ClusterId, faults);
        if (options.Instance is < 0 or > 999)
            faults.Add($"--instance is {options.Instance}; it must be between 0 and 999.");
        if (!LogLevels.Contains(options.LogLevel, StringComparer.OrdinalIgnoreCase))
            faults.Add($"--log-level is '{options.LogLevel}'; it must be trace, debug, information, warning, error or critical.");
        if (options.SilentSiloTimeout is < 1 or > 60)
            faults.Add($"--silent-silo-timeout is {options.SilentSiloTimeout}; it must be between 1 and 60 seconds.");
        CheckMembership(options, faults);
        if (CheckAddress("--bind", options.Bind, faults) is { } bind)
            CheckPorts(options, bind, faults);
        if (options.Advertise is not null)
            CheckAddress("--advertise", options.Advertise, faults);
        CheckDataDir(options.DataDir, faults);
        CheckDevices(options.Devices, faults);
    }

    private static void CheckName(string flag, string value, List<string> faults)
    {
        if (value.Length is < 1 or > 60 || !value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.'))
            faults.Add($"{flag} is '{value}'; it must be {NameRule}.");
    }

    private static void CheckMembership(SiloSettings options, List<string> faults)
    {
        if (options.Redis is not null && options.Primary is not null)
            faults.Add($"--redis is {options.Redis} and --primary is {options.Primary}; membership is kept by one of them. Leave one out.");
        if (options.Redis is not null && WhyNotRedis(options.Redis) is { } reason)
            faults.Add($"--redis is '{options.Redis}'; it must be an address such as redis:6379: {reason}");
        if (options.Primary is not null && !(IPEndPoint.TryParse(options.Primary, out var primary) && primary.Port > 0))
            faults.Add($"--primary is '{options.Primary}'; it must be an address and a port, such as 10.0.0.5:11111.");
    }

    private static string? WhyNotRedis(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0 ? null : "no address was found in it.";
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }

    private static IPAddress? CheckAddress(string flag, string value, List<string> faults)
    {
        // The parser takes a mere number for an address, too.
        if (value.AsSpan().ContainsAny('.', ':') && IPAddress.TryParse(value, out var address))
            return address;
        faults.Add($"{flag} is '{value}'; it must be an IP address, such as 127.0.0.1.");
        return null;
    }

    private static void CheckPorts(SiloSettings options, IPAddress bind, List<string> faults)
    {
        (string Flag, int Port)[] ports =
        [
            ("--grpc-port", options.EffectiveGrpcPort), ("--http-port", options.EffectiveHttpPort),
            ("--silo-port", options.EffectiveSiloPort), ("--gateway-port", options.EffectiveGatewayPort),
        ];
        foreach (var (flag, port) in ports)
        {
            if (port is < 1 or > 65535)
                faults.Add($"{flag} is {port}; it must be between 1 and 65535.");
            else if (WhyNotFree(bind, port) is { } reason)
                faults.Add($"{flag} is {port}, and {bind}:{port} cannot be listened on: {reason}. End what uses it, or choose another port; --instance moves all ports at once.");
        }
        foreach (var shared in ports.GroupBy(port => port.Port).Where(group => group.Count() > 1))
            faults.Add($"{string.Join(" and ", shared.Select(port => port.Flag))} are both {shared.Key}; each needs a port of its own.");
    }

    private static string? WhyNotFree(IPAddress address, int port)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.AddressAlreadyInUse ? "it is in use" : e.Message;
        }
    }

    private static void CheckDevices(string text, List<string> faults)
    {
        try
        {
            DeviceCatalog.Find(text);
        }
        catch (FormatException e)
        {
            faults.Add($"--devices is '{text}': {e.Message}");
        }
    }

    private static void CheckDataDir(string path, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            faults.Add("--data-dir is empty; it must be a folder.");
            return;
        }
        try
        {
            Directory.CreateDirectory(path);
            var probe = Path.Combine(path, $".probe-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add($"--data-dir is {path}, which cannot be written: {e.Message} Give a folder that this user may write.");
        }
    }
}
