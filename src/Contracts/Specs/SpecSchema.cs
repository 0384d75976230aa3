namespace VaeCluster.Contracts.Specs;

/// <summary>Every field of a run spec. The reader, the help and the table in the documentation are made from this one list.</summary>
public static class SpecSchema
{
    /// <summary>Longest name of a run; it becomes part of file names and label values.</summary>
    public const int NameLengthMax = 40;

    /// <summary>The fields in the order in which people meet them.</summary>
    public static IReadOnlyList<SpecField> Fields { get; } =
    [
        SpecField.Text(
            s => s.Name,
            IsName,
            $"1 to {NameLengthMax} lower-case letters, digits and dashes, with a letter or digit at both ends",
            "Choose a name such as mnist-mlp.",
            "Short name for people; the run id is made from it."),
        SpecField.Integer(s => s.Seed, 0, long.MaxValue, "Keys the initial weights, the order of the data and the noise."),

        SpecField.Choice(s => s.Determinism,
            "What is pinned: with `strict` all that the bits depend on, so that the weights are the same whoever trains; with "
                + "`relaxed` trainers take every CPU thread of their machine, and GPUs may round to TF32."),

        SpecField.Kind(s => s.Data.Source, SpecKinds.Sources,
            "Where the examples come from: `shapes` is built in, `idx` reads the files of MNIST and similar sets, `images` a folder "
                + "of PNG and JPEG files, `npy` NumPy's .npy and .npz."),
        SpecField.Text(s => s.Data.Path, IsPath, $"a path of up to {SpecLimits.PathLengthMax} characters, none of them a control character",
            "Give the folder or file that holds the data.",
            "Folder or file of the source as the silos see it; a relative one starts at the silo's working directory."),
        SpecField.Choice(s => s.Data.Files,
            "Which image files of a folder `idx` reads: the first, which is the train file, or all: the test file behind it, so that it can be held out."),
        SpecField.Integer(s => s.Data.Train, 0, int.MaxValue, "Examples that train, the first ones of the source; 0 takes all that `data.test` leaves."),
        SpecField.Integer(s => s.Data.Test, 0, int.MaxValue, "Examples held out to evaluate the model, the last ones of the source."),
        SpecField.Integer(s => s.Data.Count, 2, 10_000_000, "Examples that `shapes` draws."),
        SpecField.Integer(s => s.Data.ImageSize, 8, 256, "Height and width of the images that `shapes` draws and `images` makes.", "pixels"),
        SpecField.Integer(s => s.Data.Channels, 1, 3, "Channels of the images that `shapes` draws and `images` makes: 1 is grey, 3 is colour."),
        SpecField.Integer(
            s => s.Data.Crop,
            0,
            65_536,
            "Side of the square that `images` cuts from the middle before it resizes; 0 takes the largest there is.",
            "pixels"),
        SpecField.Choice(s => s.Data.BadFiles,
            "What `images` does with files that it cannot use: refuse the data and name them, or leave them out and log them."),
        SpecField.Choice(s => s.Data.Layout,
            "Axes of the array that `npy` reads: n examples, c channels, h rows, w columns, d values; `auto` tells them from the "
                + "shape where only one reading makes sense."),
        SpecField.Text(s => s.Data.Array, IsPath, $"a name of up to {SpecLimits.PathLengthMax} characters, none of them a control character",
            "Give the name of an array in the file.",
            "Which array of an .npz file holds the examples; left out: the only one that can be meant."),
        SpecField.Choice(s => s.Data.Binarize,
            "How values become zeros and ones: by a threshold, by one draw with the value as probability, or by a draw in each epoch."),
        SpecField.Number(s => s.Data.Threshold, 0, 1, "Value above which `threshold` makes a one."),

        SpecField.Kind(s => s.Model.Kind, SpecKinds.Models,
            "Architecture; `mlp-2d` and `iwae-mlp` are presets of `mlp`; `conv28` takes images of 1x28x28, `conv64` of 3x64x64; `ae` "
                + "and `vq` are autoencoders without a posterior."),
        SpecField.Integers(s => s.Model.Hidden, 1, 65_536, 16,
            "Widths of the encoder's hidden layers, mirrored by the decoder, or the channels of `vq`; default [512], `iwae-mlp`: "
                + "[200, 200], `vq`: [64]; `conv28` and `conv64` take none."),
        SpecField.Integer(s => s.Model.Latent, 1, 4_096,
            "Dimensions of the latent space, or of one code of `vq`; default 20, `mlp-2d`: 2, `iwae-mlp`: 50, `conv28`: 2, `conv64`: 128, `vq`: 16."),
        SpecField.Choice(s => s.Model.Activation, "Nonlinearity of the hidden layers; default relu, `iwae-mlp`: tanh; the convolutional kinds take none."),
        SpecField.Integer(s => s.Model.Codes, 2, 65_536, "Vectors in the codebook of `vq`."),

        SpecField.Kind(s => s.Objective.Bound, SpecKinds.Objectives, "The lower bound on log p(x) that is maximised."),
        SpecField.Integer(s => s.Objective.Samples, 1, 5_000, "Draws of z per example: L of the ELBO, k of `iwae`."),
        SpecField.Choice(s => s.Objective.Estimator, "How the gradient reaches the encoder through the draws."),
        SpecField.Choice(s => s.Objective.Likelihood, "The decoder's distribution p(x|z)."),
        SpecField.Number(s => s.Objective.Sigma, 0.0001, 1_000, "Standard deviation of the Gaussian likelihood, in units of a pixel's range."),
        SpecField.Choice(s => s.Objective.SigmaMode, "Whether sigma stays as given, or is where a scalar parameter of the model starts."),
        SpecField.Choice(s => s.Objective.Mean, "How the Gaussian likelihood takes its mean from the decoder's output."),
        SpecField.Number(s => s.Objective.FreeBits, 0, 1_000, "Nats of each latent dimension's KL below which it costs the same."),
        SpecField.Number(s => s.Objective.Commitment, 0, 1_000, "Weight of the commitment term of `vq`."),
        SpecField.Choice(s => s.Objective.Beta.Schedule, "How the weight of the KL term moves."),
        SpecField.Number(s => s.Objective.Beta.Value, 0, 10_000, "Weight of the KL term at the end of its schedule; 1 is the ELBO."),
        SpecField.Integer(
            s => s.Objective.Beta.WarmupSteps,
            0,
            int.MaxValue,
            "Steps over which `linear`, `sigmoid`, each cycle of `cyclical`, and the capacity of `capacity` rise.",
            "steps"),
        SpecField.Integer(s => s.Objective.Beta.Period, 0, int.MaxValue, "Steps of one cycle of `cyclical`.", "steps"),
        SpecField.Number(s => s.Objective.Beta.Capacity, 0, 10_000, "The KL that `capacity` ends at, in nats per example."),
        SpecField.Choice(s => s.Objective.Collapse.Action, "What is done about a posterior that has collapsed onto the prior."),
        SpecField.Number(s => s.Objective.Collapse.Threshold, 0, 1_000,
            "It has collapsed when its mean KL is below this, in nats per example; 0 never says so."),
        SpecField.Integer(s => s.Objective.Collapse.Steps, 1, 1_000_000, "Steps that this mean is over.", "steps"),
        SpecField.Number(
            s => s.Objective.Collapse.Factor,
            0,
            1,
            "What `lower-beta` multiplies beta by, each time that such steps have passed.",
            openBelow: true),

        SpecField.Choice(s => s.Optimizer.Kind, "The update rule."),
        SpecField.Number(s => s.Optimizer.LearningRate, 0, 100, "The learning rate at its peak.", openBelow: true),
        SpecField.Number(s => s.Optimizer.Beta1, 0, 0.999999, "Decay of Adam's first moment."),
        SpecField.Number(s => s.Optimizer.Beta2, 0, 0.999999999, "Decay of Adam's second moment."),
        SpecField.Number(s => s.Optimizer.Epsilon, 0, 1, "Added to the root of Adam's second moment.", openBelow: true),
        SpecField.Number(s => s.Optimizer.WeightDecay, 0, 100, "Decay of the weights: into the gradient for `adam` and `sgd`, decoupled for `adamw`."),
        SpecField.Number(s => s.Optimizer.Momentum, 0, 0.999999, "Momentum of `sgd`."),
        SpecField.Number(s => s.Optimizer.ClipNorm, 0, 1e12, "Largest global norm of a step's mean gradient; 0 does not clip."),
        SpecField.Choice(s => s.Optimizer.Schedule.Kind, "What follows the warm-up of the learning rate."),
        SpecField.Integer(s => s.Optimizer.Schedule.WarmupSteps, 0, int.MaxValue, "Steps over which the rate rises linearly from 0.", "steps"),
        SpecField.Number(s => s.Optimizer.Schedule.FinalFraction, 0, 1, "The rate at the last step of `linear` and `cosine`, as a fraction of the peak."),
        SpecField.Integer(s => s.Optimizer.Schedule.StepEpochs, 1, int.MaxValue, "Epochs between two reductions of `step`.", "epochs"),
        SpecField.Number(s => s.Optimizer.Schedule.StepFactor, 0, 1, "What `step` multiplies the rate by.", openBelow: true),
        SpecField.Number(s => s.Optimizer.Schedule.StepGrowth, 1, 10, "How many times as long as the one before each stage of `step` lasts."),
        SpecField.Choice(s => s.Optimizer.Outer.Kind, "How the parameter server updates the weights after local steps, from the mean outer gradient."),
        SpecField.Number(s => s.Optimizer.Outer.LearningRate, 0, 100, "Learning rate of that update; it is constant.", openBelow: true),
        SpecField.Number(s => s.Optimizer.Outer.Momentum, 0, 0.999999, "Momentum of that update; 0, with a rate of 1, takes the mean of the shards' weights."),
        SpecField.Choice(s => s.Optimizer.Outer.InnerState,
            "What the state of `optimizer` begins with after an exchange: the mean of the shards' states, which travels with the weights, or zero."),

        SpecField.Integer(s => s.Training.Epochs, 1, 1_000_000, "How many times each example is used."),
        SpecField.Integer(s => s.Training.Batch, 1, 65_536, "Examples in one global batch, over all trainers together."),
        SpecField.Integer(s => s.Training.Shards, 0, 1_024,
            "Slices of a batch that are computed apart and summed along a fixed tree: a power of two. Part of the mathematics. 0 "
                + "takes the one at or above `resources.trainers.max`, and 4 when that is not given."),
        SpecField.Integer(
            s => s.Training.LocalSteps,
            1,
            65_536,
            "Batches that a shard trains on by itself, with `optimizer`, between two exchanges with the parameter server, which updates with "
                + "`optimizer.outer`. Part of the mathematics. Schedules count batches; what is logged, evaluated and written counts exchanges. "
                + "1 exchanges the gradient of every batch.",
            "local steps"),
        SpecField.Choice(s => s.Training.NonFinite, "What happens to a step whose loss or gradient is not finite."),
        SpecField.Choice(s => s.Training.Compression,
            "How gradients travel: as float32, or rounded to 16 or 8 bits. Part of the mathematics: each shard's gradient is rounded alike, wherever it is "
                + "computed."),

        SpecField.Integer(s => s.Resources.Trainers.Min, 1, 1_024, "With fewer free devices than this the run waits."),
        SpecField.Integer(s => s.Resources.Trainers.Max, 0, 1_024, "It takes no more devices than this; 0 takes as many as there are shards."),
        SpecField.Number(s => s.Resources.Trainers.BackupAfter, 0, 1_000_000,
            "A trainer that keeps a step waiting for this many usual steps, and at least a second, has its shards computed by the others too; 0 waits for it."),
        SpecField.Choice(s => s.Resources.Device, "The kind of device; all trainers of a run get the same."),
        SpecField.Integer(
            s => s.Resources.Threads,
            1,
            256,
            "CPU threads of one trainer; part of what the bits depend on. `determinism: relaxed` does not keep to it.",
            "threads"),
        SpecField.Choice(s => s.Resources.Standby,
            "Whether a second silo follows the parameter server step by step, so that losing the first loses no step; each gradient travels once more."),

        SpecField.Integer(
            s => s.Resources.ParameterServers,
            0,
            1_024,
            "Ranges that the weights are divided into, each reduced, updated and published on a silo of its own where there are enough; 0 chooses by "
                + "their size. The bits do not depend on it."),

        SpecField.Text(
            s => s.Checkpoint.Every,
            CheckpointInterval.IsValid,
            "a number of steps such as 500, or of seconds such as 10s, up to 1000000; 0 for none but the last",
            "Choose e.g. 10s.",
            "Steps, or with an `s` seconds, between two checkpoints; 0 writes none but the last."),
        SpecField.Integer(s => s.Checkpoint.Keep, 1, 1_000, "How many checkpoints are kept, the newest."),

        SpecField.Integer(s => s.Logging.Every, 1, 1_000_000, "Steps that one line of `metrics.jsonl` is the mean of.", "steps"),
        SpecField.Integer(s => s.Logging.GridSide, 2, 32, "Rows and columns of the image grids."),

        SpecField.Integer(
            s => s.Evaluation.Every,
            0,
            1_000_000_000,
            "Steps between two evaluations of the held-out examples while the run trains, and one at its end; 0 makes none.",
            "steps"),
        SpecField.Integer(s => s.Evaluation.Samples, 0, 5_000, "Importance samples per example for the likelihood in these evaluations; 0 leaves it out."),

        SpecField.Choice(s => s.Ledger.Hash,
            "At which steps `ledger.jsonl` holds the hash of the weights: where they are written, which is at checkpoints and after "
                + "the last step, or at each."),
    ];

    private static bool IsPath(string text) => text.Length <= SpecLimits.PathLengthMax && !string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl);

    internal static bool IsName(string text) =>
        text.Length is > 0 and <= NameLengthMax
        && text.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-')
        && text[0] != '-' && text[^1] != '-';
}
