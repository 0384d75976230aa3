using System.Collections.Immutable;
using Orleans.Concurrency;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Contracts.Trainers;

/// <summary>One device; the key is <c>silo/device</c>, and the activation lives on that silo. It keeps nothing across a crash.</summary>
[Alias("vaecluster.ITrainerGrain")]
public interface ITrainerGrain : IGrainWithStringKey
{
    /// <summary>Makes the device train these shards of a run from now on, in place of what it did before. Repeating it is harmless.</summary>
    [Alias("Assign")]
    Task AssignAsync(TrainerAssignment assignment);

    /// <summary>Stops work for a run; does nothing when the device works for another.</summary>
    [Alias("Release")]
    Task ReleaseAsync(string runId);

    /// <summary>Stops whatever the device works for, and takes no more assignments: its silo stops.</summary>
    [Alias("Drain")]
    Task DrainAsync();

    /// <summary>How the work goes. It answers while the device computes.</summary>
    [Alias("Status"), AlwaysInterleave]
    Task<TrainerStatus> GetStatusAsync();

    /// <summary>Evaluates the weights of the last step on some shards of the held-out examples.</summary>
    [Alias("Evaluate"), AlwaysInterleave, ResponseTimeout("00:10:00")]
    Task<DeviceAnswer<LossSums[]>> EvaluateAsync(string runId, ImmutableArray<int> shards);

    /// <summary>
    /// Evaluates weights that a run wrote on one shard of its held-out examples, while the device works for no run. The work is a pure function of task and shard, so it
    /// may be asked of another device too.
    /// </summary>
    [Alias("Judge"), AlwaysInterleave, ResponseTimeout("01:00:00")]
    Task<DeviceAnswer<ShardEvaluation>> JudgeAsync(EvaluationTask task, int shard);

    /// <summary>Draws a picture with the weights of the last step and returns it as a PNG file.</summary>
    [Alias("Draw"), AlwaysInterleave, ResponseTimeout("00:05:00")]
    Task<DeviceAnswer<PictureFile>> DrawAsync(string runId, PictureKind kind);
}
