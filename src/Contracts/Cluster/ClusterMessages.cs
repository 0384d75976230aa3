using System.Collections.Immutable;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Contracts.Cluster;

/// <summary>A device of a silo.</summary>
/// <param name="Name">Its name there: <c>cpu:0</c>, <c>cuda:1</c>.</param>
/// <param name="Kind">CPU slot or CUDA device.</param>
/// <param name="Description">What it is, for people.</param>
[GenerateSerializer, Immutable, Alias("vaecluster.Device")]
public sealed record Device(
    [property: Id(0)] string Name,
    [property: Id(1)] DeviceKind Kind,
    [property: Id(2)] string Description);

/// <summary>A silo and its devices.</summary>
/// <param name="Silo">The silo's name.</param>
/// <param name="Version">The version of its program.</param>
/// <param name="Devices">What it has.</param>
[GenerateSerializer, Immutable, Alias("vaecluster.SiloAnnouncement")]
public sealed record SiloAnnouncement(
    [property: Id(0)] string Silo,
    [property: Id(1)] string Version,
    [property: Id(2)] ImmutableArray<Device> Devices);

/// <summary>A device as the cluster knows it.</summary>
/// <param name="Id"><c>silo/device</c>: the key of its trainer.</param>
/// <param name="Silo">The silo that has it.</param>
/// <param name="Device">What it is.</param>
/// <param name="RunId">The run that has it; empty when free.</param>
[GenerateSerializer, Immutable, Alias("vaecluster.DeviceEntry")]
public sealed record DeviceEntry(
    [property: Id(0)] string Id,
    [property: Id(1)] string Silo,
    [property: Id(2)] Device Device,
    [property: Id(3)] string RunId);

/// <summary>What a run asks for.</summary>
[GenerateSerializer, Immutable, Alias("vaecluster.DeviceRequest")]
public sealed record DeviceRequest
{
    /// <summary>The run.</summary>
    [Id(0)] public required string RunId { get; init; }

    /// <summary>With fewer it cannot work.</summary>
    [Id(1)] public required int Min { get; init; }

    /// <summary>It has no use for more.</summary>
    [Id(2)] public required int Max { get; init; }

    /// <summary>The kind of device.</summary>
    [Id(3)] public required DeviceKind Kind { get; init; }

    /// <summary>The devices that it has, by id: they are its own unless they are gone.</summary>
    [Id(4)] public required ImmutableArray<string> Held { get; init; }

    /// <summary>The silo that the run is on, and its parameter server with it: what trains there sends no gradient over the wire.</summary>
    [Id(5)] public string Silo { get; init; } = "";

    /// <summary>What it is for, as a sentence calls it.</summary>
    [Id(6)] public string Borrower { get; init; } = "run";
}

/// <summary>What a run gets.</summary>
/// <param name="Devices">All devices that are the run's now, by id, in a fixed order; empty while it has to wait.</param>
/// <param name="Message">Why it has to wait; empty otherwise.</param>
[GenerateSerializer, Immutable, Alias("vaecluster.DeviceGrant")]
public sealed record DeviceGrant(
    [property: Id(0)] ImmutableArray<string> Devices,
    [property: Id(1)] string Message);

/// <summary>A run of the registry.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="Number">The number that the id ends with; it rises from run to run.</param>
/// <param name="IsActive">Whether the run asked for devices lately, so that calling it activates nothing.</param>
[GenerateSerializer, Immutable, Alias("vaecluster.RunEntry")]
public sealed record RunEntry([property: Id(0)] string RunId, [property: Id(1)] long Number, [property: Id(2)] bool IsActive);
