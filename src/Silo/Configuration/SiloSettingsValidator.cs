using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;
using VaeCluster.Training.Workers;

namespace VaeCluster.Silo.Configuration;

/// <summary>Finds everything that would keep a silo from starting, before anything is started.</summary>
/// <param name="settings">The settings.</param>
/// <param name="sourceOf">Says where the property of a name came from: each error begins with it.</param>
internal sealed class SiloSettingsValidator(SiloSettings settings, Func<string, string> sourceOf)
{
    public IEnumerable<string> Validate() => [.. Bounds(), .. Membership(), .. Addresses(), .. Ports(), .. DataDir(), .. DataRoots(), .. Devices()];

    /// <summary>What the attributes of the properties say.</summary>
    private IEnumerable<string> Bounds()
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(settings, new ValidationContext(settings), results, validateAllProperties: true);
        return results.Select(result => Error(result.MemberNames.Single(), result.ErrorMessage!));
    }

    private IEnumerable<string> Membership()
    {
        if (settings is { Redis: not null, Primary: not null })
            yield return $"{sourceOf(nameof(settings.Redis))} is {settings.Redis} and {sourceOf(nameof(settings.Primary))} is {settings.Primary}; "
                + "only one of them can keep the membership. Leave one out.";
        if (settings.Redis is { } redis && WhyNot(() => ParseRedis(redis)) is { } reason)
            yield return Error(nameof(settings.Redis), $"it must be an address such as redis:6379: {reason}");
        if (settings.Primary is not null && !(IPEndPoint.TryParse(settings.Primary, out var primary) && primary.Port > 0))
            yield return Error(nameof(settings.Primary), "it must be an address and a port, such as 10.0.0.5:11111.");
    }

    private static void ParseRedis(string text)
    {
        if (ConfigurationOptions.Parse(text).EndPoints.Count == 0)
            throw new FormatException("no address was found in it.");
    }

    private IEnumerable<string> Addresses()
    {
        if (!IsAddress(settings.Bind))
            yield return Error(nameof(settings.Bind), "it must be an IP address, such as 127.0.0.1.");
        if (settings.Advertise is not null && !IsAddress(settings.Advertise))
            yield return Error(nameof(settings.Advertise), "it must be an IP address, such as 127.0.0.1.");
    }

    /// <summary>The parser takes a mere number for an address, too.</summary>
    private static bool IsAddress(string text) => text.AsSpan().ContainsAny('.', ':') && IPAddress.TryParse(text, out _);

    private IEnumerable<string> Ports()
    {
        (string Source, int Port)[] ports =
        [
            (sourceOf(nameof(settings.GrpcPort)), settings.EffectiveGrpcPort), (sourceOf(nameof(settings.HttpPort)), settings.EffectiveHttpPort),
            (sourceOf(nameof(settings.SiloPort)), settings.EffectiveSiloPort), (sourceOf(nameof(settings.GatewayPort)), settings.EffectiveGatewayPort),
        ];
        foreach (var (source, port) in ports.Where(port => IsAddress(settings.Bind) && port.Port is > 0 and <= IPEndPoint.MaxPort))
        {
            if (WhyNot(() => Listen(port)) is { } reason)
                yield return $"{source} is {port}, and {settings.Bind}:{port} cannot be opened: {reason}. "
                    + "Stop the process that uses it, or choose another port; --instance moves all ports at once.";
        }
        foreach (var shared in ports.GroupBy(port => port.Port).Where(group => group.Count() > 1))
            yield return $"{string.Join(" and ", shared.Select(port => port.Source))} are both {shared.Key}; each needs a port of its own.";
    }

    private void Listen(int port)
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(settings.Bind), port);
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(endPoint);
        socket.Listen();
    }

    private IEnumerable<string> DataDir()
    {
        if (WhyNot(() => Write(settings.DataDir)) is { } reason)
            yield return Error(nameof(settings.DataDir), $"it is not writable: {reason} Give a folder that this user may write.");
    }

    private static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var probe = Path.Combine(folder, $".probe-{Environment.ProcessId}");
        File.WriteAllText(probe, "");
        File.Delete(probe);
    }

    private IEnumerable<string> DataRoots()
    {
        // None of them need exist yet: a data set may be put there while the silo runs.
        if (settings.DataRoots is not null && settings.EffectiveDataRoots.FirstOrDefault(File.Exists) is { } file)
            yield return Error(nameof(settings.DataRoots), $"{file} is a file. Give the folder that it lies in.");
    }

    private IEnumerable<string> Devices()
    {
        if (WhyNot(() => DeviceCatalog.Find(settings.Devices)) is { } reason)
            yield return Error(nameof(settings.Devices), reason);
    }

    /// <summary>The reason why something cannot be done; null when it can.</summary>
    private static string? WhyNot(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException or FormatException or ArgumentException)
        {
            return e.Message;
        }
    }

    private string Error(string name, string rule) => SiloSetting.Find(name)!.ValueOf(settings) is var value && value is string
        ? $"{sourceOf(name)} is '{value}'; {rule}"
        : $"{sourceOf(name)} is {value}; {rule}";
}
