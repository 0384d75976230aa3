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

/// <summary>Which image files of a folder the <c>idx</c> source reads.</summary>
public enum IdxFiles
{
    /// <summary>The train file, or the test file where that is the only one.</summary>
    First,

    /// <summary>The train file and behind it the test file, so that the published test set can be held out.</summary>
    All,
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

    /// <summary>Two strided convolutions and two transposed ones, for images of 1x28x28.</summary>
    Conv28,

    /// <summary>Five strided convolutions with batch normalisation and their mirror image, for images of 3x64x64.</summary>
    Conv64,

    /// <summary>The plain fully connected autoencoder: a code without a distribution.</summary>
    Ae,

    /// <summary>The vector-quantised autoencoder: codes from a learned codebook (van den Oord et al. 2017).</summary>
    Vq,
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

/// <summary>Lower bounds on log p(x).</summary>
public enum BoundKind
{
    /// <summary>The evidence lower bound (Kingma and Welling 2014).</summary>
    Elbo,

    /// <summary>The importance-weighted bound log 1/k sum_i w_i (Burda et al. 2016).</summary>
    Iwae,
}

/// <summary>Estimators of the gradient of an expectation over q(z|x) with respect to q.</summary>
public enum EstimatorKind
{
    /// <summary>Through z = mean + deviation * noise, with the KL in closed form (Kingma and Welling 2014).</summary>
    Reparameterization,

    /// <summary>REINFORCE: the loss of a draw times the gradient of its log density, with a leave-one-out baseline.</summary>
    ScoreFunction,

    /// <summary>The path derivative: through z alone, not through the density's own parameters (Roeder et al. 2017).</summary>
    StickingTheLanding,
}

/// <summary>What becomes of the Gaussian likelihood's standard deviation.</summary>
public enum SigmaModeKind
{
    /// <summary>It stays as given.</summary>
    Fixed,

    /// <summary>It is a scalar parameter of the model, and starts as given.</summary>
    Learned,
}

/// <summary>The Gaussian likelihood's mean as a function of the decoder's output.</summary>
public enum MeanKind
{
    /// <summary>The output itself.</summary>
    Identity,

    /// <summary>The logistic function of the output, in [0, 1].</summary>
    Sigmoid,
}

/// <summary>What is done about a collapsed posterior.</summary>
public enum CollapseAction
{
    /// <summary>The run's conditions say so.</summary>
    Warn,

    /// <summary>They say so, and beta is multiplied by a factor, again and again while it lasts.</summary>
    LowerBeta,
}

/// <summary>The decoder's distribution p(x|z).</summary>
public enum LikelihoodKind
{
    /// <summary>Independent Bernoulli pixels, from logits.</summary>
    Bernoulli,

    /// <summary>Independent Gaussian pixels of one standard deviation.</summary>
    Gaussian,
}

/// <summary>How the weight of the KL term moves.</summary>
public enum BetaScheduleKind
{
    /// <summary>It does not.</summary>
    Constant,

    /// <summary>From 0 up to its value over the warm-up, then constant (Bowman et al. 2016).</summary>
    Linear,

    /// <summary>As linear, and again from 0 in every period (Fu et al. 2019).</summary>
    Cyclical,

    /// <summary>Along the logistic function, at half its value in the middle of the warm-up (Bowman et al. 2016).</summary>
    Sigmoid,

    /// <summary>The KL is held at a capacity that rises: value * |KL - C(t)| (Burgess et al. 2018).</summary>
    Capacity,
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

/// <summary>What is pinned for the sake of the same bits.</summary>
public enum DeterminismKind
{
    /// <summary>The CPU threads of a trainer: the weights are the same bits whoever trains.</summary>
    Strict,

    /// <summary>Nothing beyond the order of additions: trainers take every CPU thread of their machine, and the last bits may depend on it.</summary>
    Relaxed,
}

/// <summary>Whether a second silo follows a run's parameter server.</summary>
public enum StandbyKind
{
    /// <summary>No: its loss goes back to the newest checkpoint.</summary>
    None,

    /// <summary>Yes, step by step: its loss loses no step. Each gradient travels once more.</summary>
    Hot,
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
    /// <summary>Those whose weights are written: of which a checkpoint is due, and the last one.</summary>
    Checkpoints,

    /// <summary>All of them.</summary>
    Steps,
}
