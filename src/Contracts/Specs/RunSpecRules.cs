using System.Numerics;

namespace VaeCluster.Contracts.Specs;

/// <summary>Fills in the defaults that depend on other fields, and checks the rules that tie fields together.</summary>
internal static class RunSpecRules
{
    /// <summary>Data shards when neither they nor the number of trainers is given.</summary>
    public const int ShardsDefault = 4;

    public static void Complete(RunSpec spec, List<SpecFault> faults)
    {
        CompleteModel(spec.Model);
        CompleteShards(spec, faults);
        CheckData(spec.Data, faults);
        CheckBatch(spec.Training, faults);
        CheckSchedules(spec, faults);
    }

    private static void CompleteModel(ModelSpec model)
    {
        var (hidden, latent, activation) = model.Kind switch
        {
            ModelKind.Mlp2d => (new[] { 512 }, 2, ActivationKind.Relu),
            ModelKind.IwaeMlp => ([200, 200], 50, ActivationKind.Tanh),
            _ => ([512], 20, ActivationKind.Relu),
        };
        model.Hidden ??= hidden;
        model.Latent ??= latent;
        model.Activation ??= activation;
    }

    private static void CompleteShards(RunSpec spec, List<SpecFault> faults)
    {
        var (training, trainers) = (spec.Training, spec.Resources.Trainers);
        if (training.Shards == 0)
            training.Shards = trainers.Max == 0 ? ShardsDefault : (int)BitOperations.RoundUpToPowerOf2((uint)trainers.Max);
        else if (!BitOperations.IsPow2(training.Shards))
            faults.Add(new("training.shards", $"training.shards is {training.Shards}; it must be a power of two, because shards are summed along a binary tree.", $"Set it to {BitOperations.RoundUpToPowerOf2((uint)training.Shards)}."));
        if (trainers.Max == 0)
            trainers.Max = training.Shards;
        else if (trainers.Max > training.Shards)
            faults.Add(new("resources.trainers.max", $"resources.trainers.max is {trainers.Max} and training.shards is {training.Shards}; a trainer needs a shard of its own.", $"Set training.shards to {BitOperations.RoundUpToPowerOf2((uint)trainers.Max)}, or ask for at most {training.Shards} trainers."));
        if (trainers.Min > trainers.Max)
            faults.Add(new("resources.trainers.min", $"resources.trainers.min is {trainers.Min} and resources.trainers.max is {trainers.Max}; the least cannot be more than the most.", $"Set resources.trainers.min to {trainers.Max} or less."));
    }

    private static void CheckData(DataSpec data, List<SpecFault> faults)
    {
        if (data.Source == DataSourceKind.Idx && data.Path is null)
            faults.Add(new("data.path", "data.path is not given; the source idx must be told where its files are.", "Set it to the folder that holds the images file, e.g. --set data.path=/data/mnist."));
        if (data.Source == DataSourceKind.Shapes && data.Path is not null)
            faults.Add(new("data.path", $"data.path is {data.Path}, but the source shapes is built in and reads no files.", "Leave data.path out, or set data.source to idx."));
        if (data.Source == DataSourceKind.Shapes && (long)data.Train + data.Test > data.Count)
            faults.Add(new("data.train", $"data.train and data.test ask for {(long)data.Train + data.Test} examples and data.count is {data.Count}; both parts must fit.", "Raise data.count, or ask for fewer."));
        if (data.Source == DataSourceKind.Shapes && data.Train == 0 && data.Test >= data.Count)
            faults.Add(new("data.test", $"data.test is {data.Test} and data.count is {data.Count}; something must be left to train on.", $"Set data.test to less than {data.Count}."));
    }

    private static void CheckBatch(TrainingSpec training, List<SpecFault> faults)
    {
        if (training.Batch < training.Shards)
            faults.Add(new("training.batch", $"training.batch is {training.Batch} and there are {training.Shards} shards; each shard must have an example of every full batch.", $"Set training.batch to at least {training.Shards}, or training.shards to a power of two up to {training.Batch}."));
    }

    private static void CheckSchedules(RunSpec spec, List<SpecFault> faults)
    {
        var beta = spec.Objective.Beta;
        if (beta.Schedule == BetaScheduleKind.Linear && beta.WarmupSteps == 0)
            faults.Add(new("objective.beta.warmupSteps", "objective.beta.warmupSteps is 0; a linear schedule must say over how many steps beta rises.", "Set it to 1 or more, or objective.beta.schedule to constant."));
        if (beta.Schedule == BetaScheduleKind.Constant && beta.WarmupSteps > 0)
            faults.Add(new("objective.beta.warmupSteps", $"objective.beta.warmupSteps is {beta.WarmupSteps}, but the schedule is constant and has no warm-up.", "Set objective.beta.schedule to linear, or leave the steps out."));
        if (spec.Optimizer is { Momentum: > 0, Kind: not OptimizerKind.Sgd })
            faults.Add(new("optimizer.momentum", $"optimizer.momentum is {spec.Optimizer.Momentum}, but only sgd has one.", "Set optimizer.kind to sgd, or leave the momentum out; Adam's is optimizer.beta1."));
    }
}
