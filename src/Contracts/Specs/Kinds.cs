using System.Text.Json.Serialization;

namespace VaeCluster.Contracts.Specs;

/// <summary>Where examples come from.</summary>
public enum DataSourceKind
{
    /// <summary>Built in: sprites of three shapes over scale, rotation and position, drawn from the seed-free factors.</summary>
    Shapes,

    /// <summary>The files of MNIST and its kin, gzipped or not.</summary>
    Idx,

    /// <summary>A folder of PNG and JPEG files.</summary>
    Images,

    /// <summary>NumPy's files: one array, or an archive of them.</summary>
    Npy,
}

/// <summary>The channels that images are turned into.</summary>
public enum ColorKind
{
    /// <summary>Red, green and blue.</summary>
    Rgb,

    /// <summary>One channel, the luma of ITU-R BT.601.</summary>
    Grey,
}

/// <summary>What happens to a file of a folder that cannot be used.</summary>
public enum BadFileAction
{
    /// <summary>The data are refused, and the files named.</summary>
    Fail,

    /// <summary>It is left out, and named in the log.</summary>
    Skip,
}

/// <summary>What the axes of an array are: N examples, C channels, H rows, W columns, D values.</summary>
public enum ArrayLayoutKind
{
    /// <summary>Told from the shape, where only one reading makes sense.</summary>
    Auto,

    /// <summary>Grey images.</summary>
    Nhw,

    /// <summary>Channels last.</summary>
    Nhwc,

    /// <summary>Channels first.</summary>
    Nchw,

    /// <summary>Vectors; those whose length is a square are grey images.</summary>
    Nd,
}

/// <summary>How values in [0, 1] become zeros and ones.</summary>
public enum BinarizationKind
{
    /// <summary>They do not.</summary>
    None,

    /// <summary>1 above the threshold.</summary>
    Threshold,

    /// <summary>Drawn once, 1 with the value as its probability.</summary>
    Static,

    /// <summary>The same, drawn anew in each epoch for what trains.</summary>
    Dynamic,
}

/// <summary>The architectures.</summary>
public enum ModelKind
{
    /// <summary>Fully connected, mirrored.</summary>
    Mlp,

    /// <summary>Preset of <see cref="Mlp"/>: 512 hidden units, two latent dimensions, relu.</summary>
    [JsonStringEnumMemberName("mlp-2d")]
    Mlp2d,

    /// <summary>Preset of <see cref="Mlp"/>: 200 and 200 hidden units, 50 latent dimensions, tanh (Burda et al. 2016).</summary>
    IwaeMlp,
}

/// <summary>Nonlinearities of hidden layers.</summary>
public enum ActivationKind
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>x where positive, 0.01 x elsewhere.</summary>
    LeakyRelu,

    /// <summary>x where positive, exp(x) - 1 elsewhere.</summary>
    Elu,

    /// <summary>x times the normal distribution function of x.</summary>
    Gelu,

    /// <summary>x times the logistic function of x.</summary>
    Silu,

    /// <summary>log(1 + exp(x)).</summary>
    Softplus,

    /// <summary>The logistic function.</summary>
    Sigmoid,
}

/// <summary>The decoder's distribution p(x|z).</summary>
public enum LikelihoodKind
{
    /// <summary>Independent Bernoulli pixels, from logits.</summary>
    Bernoulli,

    /// <summary>Independent Gaussian pixels of one fixed standard deviation.</summary>
    Gaussian,
}

/// <summary>How the weight of the KL term moves.</summary>
public enum BetaScheduleKind
{
    /// <summary>It does not.</summary>
    Constant,

    /// <summary>From 0 up to its value over the warm-up, then constant (Bowman et al. 2016).</summary>
    Linear,
}

/// <summary>Update rules.</summary>
public enum OptimizerKind
{
    /// <summary>Kingma and Ba 2015.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
    Adamw,

    /// <summary>Stochastic gradient descent, with momentum if that is set.</summary>
    Sgd,
}

/// <summary>What follows the warm-up of the learning rate.</summary>
public enum LearningRateScheduleKind
{
    /// <summary>The peak rate, to the end.</summary>
    Constant,

    /// <summary>A straight line down to the final fraction.</summary>
    Linear,

    /// <summary>Half a cosine down to the final fraction.</summary>
    Cosine,

    /// <summary>Reduced by a factor every so many epochs.</summary>
    Step,
}

/// <summary>What happens to a step whose gradient is not finite.</summary>
public enum NonFiniteAction
{
    /// <summary>The run fails and names the step, the term and the shard.</summary>
    Fail,

    /// <summary>The step is left out and counted; the weights stay.</summary>
    Skip,
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

/// <summary>The steps whose weights are hashed for the ledger.</summary>
public enum LedgerHashKind
{
    /// <summary>Those whose weights are written: the last one.</summary>
    Checkpoints,

    /// <summary>All of them.</summary>
    Steps,
}
