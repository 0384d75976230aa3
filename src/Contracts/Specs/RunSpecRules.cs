using System.Numerics;
using static System.FormattableString;

namespace VaeCluster.Contracts.Specs;

/// <summary>Fills in the defaults that depend on other fields, and checks the rules that tie fields together.</summary>
internal static class RunSpecRules
{
    /// <summary>Data shards when neither they nor the number of trainers is given.</summary>
    public const int ShardsDefault = 4;

    public static void Complete(RunSpec spec, List<SpecError> errors)
    {
        ModelRules.Complete(spec);
        ModelRules.Check(spec, errors);
        CompleteShards(spec, errors);
        CheckData(spec.Data, errors);
        CheckBatch(spec.Training, errors);
        ObjectiveRules.Check(spec, errors);
        CheckOptimizer(spec, errors);
    }

    private static void CompleteShards(RunSpec spec, List<SpecError> errors)
    {
        var (training, trainers) = (spec.Training, spec.Resources.Trainers);
        var isMaxGiven = trainers.Max > 0;
        if (training.Shards == 0)
            training.Shards = trainers.Max == 0 ? ShardsDefault : (int)BitOperations.RoundUpToPowerOf2((uint)trainers.Max);
        else if (!BitOperations.IsPow2(training.Shards))
            errors.Add(new(
                "training.shards",
                $"training.shards is {training.Shards}; it must be a power of two, because shards are summed along a binary tree.",
                $"Set it to {BitOperations.RoundUpToPowerOf2((uint)training.Shards)}."));
        if (trainers.Max == 0)
            trainers.Max = training.Shards;
        else if (trainers.Max > training.Shards)
            errors.Add(new(
                "resources.trainers.max",
                $"resources.trainers.max is {trainers.Max} and training.shards is {training.Shards}; a trainer needs a shard of its own.",
                $"Set training.shards to {BitOperations.RoundUpToPowerOf2((uint)trainers.Max)}, or ask for at most {training.Shards} trainers."));
        if (trainers.Min > trainers.Max && !isMaxGiven)
            errors.Add(new(
                "resources.trainers.min",
                $"resources.trainers.min is {trainers.Min} and training.shards is {training.Shards}; a trainer needs a shard of its own.",
                $"Set resources.trainers.max to {trainers.Min} or more, or training.shards to {BitOperations.RoundUpToPowerOf2((uint)trainers.Min)}."));
        else if (trainers.Min > trainers.Max)
            errors.Add(new(
                "resources.trainers.min",
                $"resources.trainers.min is {trainers.Min} and resources.trainers.max is {trainers.Max}; the minimum must not exceed the maximum.",
                $"Set resources.trainers.min to {trainers.Max} or less."));
    }

    private static void CheckData(DataSpec data, List<SpecError> errors)
    {
        DataRules.Check(data, errors);
        if (data.Channels == 2)
            errors.Add(new("data.channels", "data.channels is 2; an image has 1, which is grey, or 3, which are red, green and blue.", "Set it to 1 or 3."));
    }

    private static void CheckBatch(TrainingSpec training, List<SpecError> errors)
    {
        if (training.Batch < training.Shards)
            errors.Add(new(
                "training.batch",
                $"training.batch is {training.Batch} and there are {training.Shards} shards; each shard must have an example of every full batch.",
                $"Set training.batch to at least {training.Shards}, or training.shards to a power of two up to {training.Batch}."));
    }

    private static void CheckOptimizer(RunSpec spec, List<SpecError> errors)
    {
        CheckOuterOptimizer(spec, errors);
        if (spec.Optimizer is { Momentum: > 0, Kind: not OptimizerKind.Sgd })
            errors.Add(new(
                "optimizer.momentum",
                Invariant($"optimizer.momentum is {spec.Optimizer.Momentum}, but only sgd has one."),
                "Set optimizer.kind to sgd, or leave the momentum out; Adam's is optimizer.beta1."));
    }

    private static void CheckOuterOptimizer(RunSpec spec, List<SpecError> errors)
    {
        var (outer, untouched) = (spec.Optimizer.Outer, new OuterOptimizerSpec());
        if (spec.Training.LocalSteps > 1)
            return;
        Refuse("optimizer.outer.kind", SpecNames.Of(outer.Kind), outer.Kind != untouched.Kind);
        Refuse("optimizer.outer.learningRate", Invariant($"{outer.LearningRate}"), outer.LearningRate != untouched.LearningRate);
        Refuse("optimizer.outer.momentum", Invariant($"{outer.Momentum}"), outer.Momentum != untouched.Momentum);
        Refuse("optimizer.outer.innerState", SpecNames.Of(outer.InnerState), outer.InnerState != untouched.InnerState);

        void Refuse(string path, string value, bool isSet)
        {
            if (isSet)
                errors.Add(new(
                    path,
                    $"{path} is {value} and training.localSteps is 1; without local steps there is no outer update, so the field has no effect.",
                    "Set training.localSteps to 2 or more, or leave the field out."));
        }
    }
}
