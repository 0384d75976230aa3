namespace VaeCluster.Contracts.Specs;

/// <summary>What the run asks of the cluster.</summary>
public sealed class ResourcesSpec
{
    /// <summary>The value of <see cref="ParameterServers"/> that leaves the choice to the run.</summary>
    public const int Auto = 0;

    /// <summary>How many trainers, which is how many devices.</summary>
    public TrainersSpec Trainers { get; set; } = new();

    /// <summary>The kind of device.</summary>
    /// <value>Default <see cref="DeviceKind.Any"/>.</value>
    public DeviceKind Device { get; set; } = DeviceKind.Any;

    /// <summary>CPU threads of one trainer; part of what the bits depend on. Only <c>determinism: strict</c> keeps to it.</summary>
    /// <value>Default 1.</value>
    public int Threads { get; set; } = 1;

    /// <summary>Whether a second silo follows the parameter server.</summary>
    /// <value>Default <see cref="StandbyKind.None"/>.</value>
    public StandbyKind Standby { get; set; } = StandbyKind.None;

    /// <summary>
    /// Ranges that the flat vector of weights is divided into. Each is reduced, updated and published by an owner of its own, on a silo of its own where
    /// there are enough. The bits of the weights do not depend on it.
    /// </summary>
    /// <value>Default <see cref="Auto"/>: one for each 64 MiB of weights, at most one a silo.</value>
    public int ParameterServers { get; set; } = Auto;
}

/// <summary>Kinds of device that a run may ask for.</summary>
public enum DeviceKind
{
    /// <summary>Whatever is free; all trainers of a run get the same kind.</summary>
    Any,

    /// <summary>CPU slots.</summary>
    Cpu,

    /// <summary>CUDA devices.</summary>
    Cuda,
}

/// <summary>Whether a second silo follows a run's parameter server.</summary>
public enum StandbyKind
{
    /// <summary>No: its loss goes back to the newest checkpoint.</summary>
    None,

    /// <summary>Yes, step by step: its loss loses no step. Each gradient travels once more.</summary>
    Hot,
}
