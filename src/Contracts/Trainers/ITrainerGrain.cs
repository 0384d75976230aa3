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

    /// <summary>The status of the work. It answers while the device computes.</summary>
    [Alias("Status"), AlwaysInterleave]
    Task<TrainerStatus> GetStatusAsync();

    /// <summary>
    /// Evaluates weights on one shard of the held-out examples: the final weights that the device holds, or those that a run wrote while
    /// the device works for no run. The result is a pure function of task and shard, so it may be asked of another device too.
    /// </summary>
    [Alias("Evaluate"), AlwaysInterleave, ResponseTimeout("01:00:00")]
    Task<DeviceAnswer<ShardEvaluation>> EvaluateAsync(EvaluationTask task, int shard);

    /// <summary>Renders an image with the weights of the last step and returns it as a PNG file.</summary>
    [Alias("Render"), AlwaysInterleave, ResponseTimeout("00:05:00")]
    Task<DeviceAnswer<RenderedImage>> RenderAsync(string runId, ImageKind kind);
}
