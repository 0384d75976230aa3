using Microsoft.Extensions.Time.Testing;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Compression;
using VaeCluster.Parameters.Store;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Parameters.Store;

/// <summary>A parameter store and its partitions, which exchange what their grains would.</summary>
internal sealed class PartitionedStore
{
    private readonly ParameterStore _server;
    private readonly PartitionStore[] _partitions;
    private readonly GradientCompression _compression;

    public PartitionedStore(RunSpec spec, ParameterLayout layout, Checkpoint whole, int partitions)
    {
        var data = ASpec.Data(train: 16);
        _compression = new GradientCompression(spec, layout);
        _server = new ParameterStore(spec, data, layout, whole, new FakeTimeProvider(), partitions);
        _partitions =
        [
            .. PartRange.Divide(layout, partitions).SkipLast(1)
                .Select(range => new PartitionStore(spec, data, layout, range, whole.State.Slice(layout, range))),
        ];
    }

    /// <summary>A checkpoint is due at this step.</summary>
    public long CheckpointAt { set => _server.CheckpointDue = step => step == value ? 0 : null; }

    public long Step => _server.Step;

    public Checkpoint? Checkpoint { get; private set; }

    public List<StepRecord> Records { get; } = [];

    public List<string> Suspected { get; } = [];

    public string Hash => SafetensorsFile.Sha256(
        [.. _partitions.Select(partition => partition.AcquireWeights()).Append(_server.AcquireWeights()).SelectMany(weights => weights.ToArrays())]);

    /// <summary>Offers blocks to whoever owns their parts, and takes the step as far as it goes.</summary>
    public void Offer(IEnumerable<GradientBlock> blocks)
    {
        foreach (var block in blocks)
        {
            var owner = Array.Find(_partitions, partition => partition.Range.Contains(block.Part));
            using var weights = owner?.AcquireWeights() ?? _server.AcquireWeights();
            var first = (owner?.Range ?? _server.Range).First;
            var encoded = _compression.Encode(block, weights.ScalesOf(block.Part - first));
            Assert.Equal(PushOutcome.Accepted, (owner?.Offer(encoded) ?? _server.Offer(encoded)).Outcome);
        }
        Take(_server.TryApplyStep());
        foreach (var (range, partition) in _partitions.Index())
        {
            if (partition.TryReduce() is { } reduced)
            {
                var missed = _server.Offer(new RangeGradient
                {
                    Session = "",
                    Range = range,
                    Step = reduced.Step,
                    Attempt = reduced.Attempt,
                    SquareSums = [.. reduced.SquareSums],
                });
                if (missed is not null)
                    Assert.True(partition.Apply(missed));
                Take(_server.TryApplyStep());
            }
        }
    }

    private void Take(StepResult step)
    {
        if (step.Decision is { } decision)
            Assert.All(_partitions, partition => Assert.True(partition.Apply(decision)));
        if (step.Awaited != StateCopy.None)
            step = _server.CompleteStep([.. _partitions.Select(partition => partition.Capture())]);
        if (step.Record is { } record)
            Records.Add(record);
        if (step.SuspectReason.Length > 0)
            Suspected.Add(step.SuspectReason);
        Checkpoint = step.Checkpoint ?? Checkpoint;
    }
}
