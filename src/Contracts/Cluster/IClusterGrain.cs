using System.Collections.Immutable;
using Orleans.Concurrency;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Contracts.Cluster;

/// <summary>The cluster's registry of devices and runs; the key is 0. It never calls a run and waits, so that runs may call it.</summary>
[Alias("vaecluster.IClusterGrain")]
public interface IClusterGrain : IGrainWithIntegerKey
{
    /// <summary>The key of the one activation.</summary>
    const long TheKey = 0;

    /// <summary>A silo announces its devices. It repeats that every second; a silo that falls silent loses its devices.</summary>
    /// <returns>Why its devices are not used; empty when they are. Silos of different versions do not work for the same runs.</returns>
    [Alias("Announce")]
    Task<string> AnnounceAsync(SiloAnnouncement announcement);

    /// <summary>A silo that stops in good order takes its devices out.</summary>
    [Alias("Withdraw")]
    Task WithdrawAsync(string silo);

    /// <summary>Makes a new run id from a name, and registers the run.</summary>
    [Alias("Register")]
    Task<string> RegisterRunAsync(string name);

    /// <summary>
    /// Asks for devices, and renews those that the run has. Repeated every second: a run that falls silent loses its devices,
    /// and is reactivated if it has not ended.
    /// </summary>
    [Alias("Request")]
    Task<DeviceGrant> RequestDevicesAsync(DeviceRequest request);

    /// <summary>A run has ended, or was paused: its devices are free, and it is not to be reactivated.</summary>
    [Alias("Close")]
    Task CloseRunAsync(string runId, RunPhase phase);

    /// <summary>A run that was closed will ask for devices again.</summary>
    [Alias("Reopen")]
    Task ReopenRunAsync(string runId);

    /// <summary>Registered runs, oldest first.</summary>
    /// <param name="after">Those behind the run of this number; 0 begins with the first.</param>
    /// <param name="count">At most so many.</param>
    [Alias("Runs"), ReadOnly]
    Task<ImmutableArray<RunEntry>> ListRunsAsync(long after, int count);

    /// <summary>Every device, by silo and name.</summary>
    [Alias("Devices"), ReadOnly]
    Task<ImmutableArray<DeviceEntry>> ListDevicesAsync();
}
