using System.Collections.Immutable;
using CsCheck;
using VaeCluster.Grains.Runs;

namespace VaeCluster.Grains.Tests.Runs;

/// <summary>What holds for every number of shards and trainers. A failure prints its seed.</summary>
public sealed class ShardAssignmentProperties
{
    private static readonly Gen<(int Shards, int Trainers)> Cases =
        from shards in Gen.Int[0, 10].Select(level => 1 << level)
        from trainers in Gen.Int[1, shards]
        select (shards, trainers);

    [Fact]
    public void Divide_GivesEachShardToOneTrainer_AndAllAsMany() => Cases.Sample(test =>
    {
        var assigned = ShardAssignment.Divide(test.Shards, test.Trainers);

        Assert.Equal(test.Trainers, assigned.Length);
        Assert.Equal(Enumerable.Range(0, test.Shards), assigned.SelectMany(part => part));
        Assert.InRange(assigned.Max(part => part.Length) - assigned.Min(part => part.Length), 0, 1);
    });

    /// <summary>A shard is never taken from who has it, so nothing that a straggler computed is lost; and no trainer gets one twice.</summary>
    [Fact]
    public void WithBackup_AddsEachShardOfAStragglerToOneOther_AndMovesNone() => Cases.SelectMany(test => Gen.Select(Gen.Const(test), Gen.Bool.Array[test.Trainers])).Sample(test =>
    {
        var ((shards, trainers), isStraggler) = test;
        var assigned = ShardAssignment.Divide(shards, trainers);

        var backed = ShardAssignment.WithBackup(assigned, [.. isStraggler]);

        var added = backed.Zip(assigned, (after, before) => after.Except(before).ToImmutableArray()).ToList();
        Assert.All(backed.Zip(assigned), pair => Assert.Empty(pair.Second.Except(pair.First)));
        Assert.All(backed, part => Assert.Equal(part.Distinct().Order(), part));
        var late = Enumerable.Range(0, trainers).Where(trainer => isStraggler[trainer]).SelectMany(trainer => assigned[trainer]);
        Assert.Equal(isStraggler.All(one => one) ? [] : late, added.SelectMany(part => part).Order());
        Assert.All(added.Where((_, trainer) => isStraggler[trainer]), part => Assert.Empty(part));
    });
}
