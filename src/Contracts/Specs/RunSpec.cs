namespace VaeCluster.Contracts.Specs;

/// <summary>
/// Everything that decides what a run computes. Two runs with equal specs (but for the name) end with the same weights.
/// Read one with <see cref="RunSpecReader"/>, which states the default and the bounds of every field.
/// </summary>
public sealed class RunSpec
{
    /// <summary>Short name for people; the run id is made from it.</summary>
    /// <value>Default <c>run</c>.</value>
    public string Name { get; set; } = "run";

    /// <summary>Keys the initial weights, the order of the data and the noise.</summary>
    /// <value>Default 1.</value>
    public long Seed { get; set; } = 1;

    /// <summary>What is pinned for the sake of the same bits.</summary>
    /// <value>Default <see cref="DeterminismKind.Strict"/>.</value>
    public DeterminismKind Determinism { get; set; } = DeterminismKind.Strict;

    /// <summary>Where the examples come from.</summary>
    public DataSpec Data { get; set; } = new();

    /// <summary>The encoder and decoder.</summary>
    public ModelSpec Model { get; set; } = new();

    /// <summary>What is minimised.</summary>
    public ObjectiveSpec Objective { get; set; } = new();

    /// <summary>How a gradient becomes an update.</summary>
    public OptimizerSpec Optimizer { get; set; } = new();

    /// <summary>How long and in what portions.</summary>
    public TrainingSpec Training { get; set; } = new();

    /// <summary>What the run asks of the cluster.</summary>
    public ResourcesSpec Resources { get; set; } = new();

    /// <summary>What a loss of the parameter server goes back to.</summary>
    public CheckpointSpec Checkpoint { get; set; } = new();

    /// <summary>What is written down while it trains.</summary>
    public LoggingSpec Logging { get; set; } = new();

    /// <summary>How often the model is judged while it trains.</summary>
    public EvaluationSpec Evaluation { get; set; } = new();

    /// <summary>What the proof of the run holds.</summary>
    public LedgerSpec Ledger { get; set; } = new();
}

/// <summary>Where the examples come from, and which of them train and which judge.</summary>
public sealed class DataSpec
{
    /// <summary>The kind of source.</summary>
    /// <value>Default <see cref="DataSourceKind.Shapes"/>, which needs no download.</value>
    public DataSourceKind Source { get; set; } = DataSourceKind.Shapes;

    /// <summary>Folder or file of the source, as the silos see it; a relative path starts at the silo's working directory.</summary>
    /// <value>Default none; every source but <c>shapes</c> needs one.</value>
    public string? Path { get; set; }

    /// <summary>Which image files of a folder <c>idx</c> reads.</summary>
    /// <value>Default <see cref="IdxFiles.First"/>.</value>
    public IdxFiles Files { get; set; } = IdxFiles.First;

    /// <summary>How many examples train: the first ones of the source.</summary>
    /// <value>Default 0, which means all that <see cref="Test"/> leaves.</value>
    public int Train { get; set; }

    /// <summary>How many examples are held out to judge the model: the last ones of the source.</summary>
    /// <value>Default 1000.</value>
    public int Test { get; set; } = 1000;

    /// <summary>How many examples the <c>shapes</c> source draws.</summary>
    /// <value>Default 10000.</value>
    public int Count { get; set; } = 10_000;

    /// <summary>Height and width of the images that the <c>shapes</c> source draws and of those that <c>images</c> makes, in pixels.</summary>
    /// <value>Default 28.</value>
    public int ImageSize { get; set; } = 28;

    /// <summary>Channels of the images that <c>shapes</c> draws and <c>images</c> makes: 1 is grey, 3 is colour.</summary>
    /// <value>Default 1.</value>
    public int Channels { get; set; } = 1;

    /// <summary>Side of the square that <c>images</c> cuts from the middle of a file before it is resized, in pixels.</summary>
    /// <value>Default 0, which means the largest there is.</value>
    public int Crop { get; set; }

    /// <summary>What <c>images</c> does with a file that it cannot use.</summary>
    /// <value>Default <see cref="BadFileAction.Fail"/>.</value>
    public BadFileAction BadFiles { get; set; } = BadFileAction.Fail;

    /// <summary>What the axes of the array are that <c>npy</c> reads.</summary>
    /// <value>Default <see cref="ArrayLayoutKind.Auto"/>.</value>
    public ArrayLayoutKind Layout { get; set; } = ArrayLayoutKind.Auto;

    /// <summary>The array of an archive that holds the examples.</summary>
    /// <value>Default none: the only one that can be meant.</value>
    public string? Array { get; set; }

    /// <summary>How values become zeros and ones.</summary>
    /// <value>Default <see cref="BinarizationKind.None"/>.</value>
    public BinarizationKind Binarize { get; set; } = BinarizationKind.None;

    /// <summary>The value above which <c>threshold</c> makes a one.</summary>
    /// <value>Default 0.5.</value>
    public double Threshold { get; set; } = 0.5;
}

/// <summary>The encoder and decoder. A preset kind fills in what is not given.</summary>
public sealed class ModelSpec
{
    /// <summary>The architecture.</summary>
    /// <value>Default <see cref="ModelKind.Mlp"/>.</value>
    public ModelKind Kind { get; set; } = ModelKind.Mlp;

    /// <summary>Widths of the encoder's hidden layers, mirrored by the decoder; of <c>vq</c> the channels of its convolutions, one number.</summary>
    /// <value>Default [512]; <c>iwae-mlp</c>: [200, 200]; <c>vq</c>: [64]; none for <c>conv28</c> and <c>conv64</c>.</value>
    public IReadOnlyList<int>? Hidden { get; set; }

    /// <summary>Dimensions of the latent space; of <c>vq</c> those of one code.</summary>
    /// <value>Default 20; <c>mlp-2d</c>: 2; <c>iwae-mlp</c>: 50; <c>conv28</c>: 2; <c>conv64</c>: 128; <c>vq</c>: 16.</value>
    public int? Latent { get; set; }

    /// <summary>Nonlinearity of the hidden layers.</summary>
    /// <value>Default relu; <c>iwae-mlp</c>: tanh; none for the convolutional kinds, whose nonlinearities are part of them.</value>
    public ActivationKind? Activation { get; set; }

    /// <summary>Vectors in the codebook of <c>vq</c>.</summary>
    /// <value>Default 128.</value>
    public int Codes { get; set; } = 128;
}

/// <summary>The negative evidence lower bound and its weights.</summary>
public sealed class ObjectiveSpec
{
    /// <summary>The bound on log p(x) that is maximised.</summary>
    /// <value>Default <see cref="BoundKind.Elbo"/>.</value>
    public BoundKind Bound { get; set; } = BoundKind.Elbo;

    /// <summary>Draws of z an example: L of the ELBO, k of the importance-weighted bound.</summary>
    /// <value>Default 1.</value>
    public int Samples { get; set; } = 1;

    /// <summary>How the gradient reaches the encoder through the draws.</summary>
    /// <value>Default <see cref="EstimatorKind.Reparameterization"/>.</value>
    public EstimatorKind Estimator { get; set; } = EstimatorKind.Reparameterization;

    /// <summary>p(x|z).</summary>
    /// <value>Default <see cref="LikelihoodKind.Bernoulli"/>.</value>
    public LikelihoodKind Likelihood { get; set; } = LikelihoodKind.Bernoulli;

    /// <summary>Standard deviation of the Gaussian likelihood, in units of a pixel's range.</summary>
    /// <value>Default 1.</value>
    public double Sigma { get; set; } = 1;

    /// <summary>Whether <see cref="Sigma"/> stays, or is where a scalar parameter of the model starts.</summary>
    /// <value>Default <see cref="SigmaModeKind.Fixed"/>.</value>
    public SigmaModeKind SigmaMode { get; set; } = SigmaModeKind.Fixed;

    /// <summary>How the Gaussian likelihood takes its mean from the decoder's output.</summary>
    /// <value>Default <see cref="MeanKind.Identity"/>.</value>
    public MeanKind Mean { get; set; } = MeanKind.Identity;

    /// <summary>Nats of each latent dimension's KL that cost nothing less: a dimension below counts as this much.</summary>
    /// <value>Default 0.</value>
    public double FreeBits { get; set; }

    /// <summary>Weight of the commitment term of <c>vq</c>.</summary>
    /// <value>Default 0.25.</value>
    public double Commitment { get; set; } = 0.25;

    /// <summary>The weight of the KL term.</summary>
    public BetaSpec Beta { get; set; } = new();

    /// <summary>What is done about a posterior that says nothing of its example.</summary>
    public CollapseSpec Collapse { get; set; } = new();
}

/// <summary>The weight of the KL term over time (beta-VAE; KL annealing).</summary>
public sealed class BetaSpec
{
    /// <summary>How beta moves.</summary>
    /// <value>Default <see cref="BetaScheduleKind.Constant"/>.</value>
    public BetaScheduleKind Schedule { get; set; } = BetaScheduleKind.Constant;

    /// <summary>Beta at the end of its schedule.</summary>
    /// <value>Default 1, which is the ELBO.</value>
    public double Value { get; set; } = 1;

    /// <summary>Steps over which <c>linear</c>, <c>sigmoid</c> and each cycle of <c>cyclical</c> rise to <see cref="Value"/>, and <c>capacity</c> to <see cref="Capacity"/>.</summary>
    /// <value>Default 0.</value>
    public int WarmupSteps { get; set; }

    /// <summary>Steps of one cycle of <c>cyclical</c>: it rises over <see cref="WarmupSteps"/> of them and stays for the rest.</summary>
    /// <value>Default 0.</value>
    public int Period { get; set; }

    /// <summary>The KL that <c>capacity</c> ends at, in nats.</summary>
    /// <value>Default 0.</value>
    public double Capacity { get; set; }
}

/// <summary>When a posterior counts as collapsed onto the prior, and what is done about it.</summary>
public sealed class CollapseSpec
{
    /// <summary>What is done.</summary>
    /// <value>Default <see cref="CollapseAction.Warn"/>.</value>
    public CollapseAction Action { get; set; } = CollapseAction.Warn;

    /// <summary>The posterior has collapsed when the mean KL over <see cref="Steps"/> is below this, in nats an example.</summary>
    /// <value>Default 0.1.</value>
    public double Threshold { get; set; } = 0.1;

    /// <summary>Steps that the KL is averaged over before it is judged.</summary>
    /// <value>Default 200.</value>
    public int Steps { get; set; } = 200;

    /// <summary>What <c>lower-beta</c> multiplies beta by each time.</summary>
    /// <value>Default 0.5.</value>
    public double Factor { get; set; } = 0.5;
}

/// <summary>How a gradient becomes an update.</summary>
public sealed class OptimizerSpec
{
    /// <summary>The update rule.</summary>
    /// <value>Default <see cref="OptimizerKind.Adam"/>.</value>
    public OptimizerKind Kind { get; set; } = OptimizerKind.Adam;

    /// <summary>The learning rate at its peak.</summary>
    /// <value>Default 0.001.</value>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>Decay of Adam's first moment.</summary>
    /// <value>Default 0.9.</value>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>Decay of Adam's second moment.</summary>
    /// <value>Default 0.999.</value>
    public double Beta2 { get; set; } = 0.999;

    /// <summary>Added to the root of Adam's second moment.</summary>
    /// <value>Default 1e-8.</value>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>Decay of the weights: added to the gradient by <c>adam</c> and <c>sgd</c>, applied to the weights by <c>adamw</c>.</summary>
    /// <value>Default 0.</value>
    public double WeightDecay { get; set; }

    /// <summary>Momentum of SGD.</summary>
    /// <value>Default 0.</value>
    public double Momentum { get; set; }

    /// <summary>Largest global norm of a step's mean gradient; a longer one is scaled down to it.</summary>
    /// <value>Default 0, which means no clipping.</value>
    public double ClipNorm { get; set; }

    /// <summary>How the learning rate moves.</summary>
    public LearningRateSpec Schedule { get; set; } = new();
}

/// <summary>The learning rate over time.</summary>
public sealed class LearningRateSpec
{
    /// <summary>What follows the warm-up.</summary>
    /// <value>Default <see cref="LearningRateScheduleKind.Constant"/>.</value>
    public LearningRateScheduleKind Kind { get; set; } = LearningRateScheduleKind.Constant;

    /// <summary>Steps over which the rate rises linearly from 0.</summary>
    /// <value>Default 0.</value>
    public int WarmupSteps { get; set; }

    /// <summary>The rate at the last step of <c>linear</c> and <c>cosine</c>, as a fraction of the peak.</summary>
    /// <value>Default 0.</value>
    public double FinalFraction { get; set; }

    /// <summary>Epochs between two reductions of <c>step</c>.</summary>
    /// <value>Default 10.</value>
    public int StepEpochs { get; set; } = 10;

    /// <summary>What <c>step</c> multiplies the rate by.</summary>
    /// <value>Default 0.1.</value>
    public double StepFactor { get; set; } = 0.1;

    /// <summary>How many times as long as the one before each stage of <c>step</c> lasts (Burda et al. 2016 use 3).</summary>
    /// <value>Default 1: all stages are of equal length.</value>
    public double StepGrowth { get; set; } = 1;
}

/// <summary>How long the run trains, and in what portions.</summary>
public sealed class TrainingSpec
{
    /// <summary>How many times each example is used.</summary>
    /// <value>Default 10.</value>
    public int Epochs { get; set; } = 10;

    /// <summary>Examples in one global batch, over all trainers together.</summary>
    /// <value>Default 128.</value>
    public int Batch { get; set; } = 128;

    /// <summary>
    /// Data shards: the parts of a batch that are computed apart and summed along a fixed tree. Part of the mathematics:
    /// the weights depend on it, and not on how many trainers share the shards.
    /// </summary>
    /// <value>Default 0, which means the power of two at or above <c>resources.trainers.max</c>, and 4 when that is not given.</value>
    public int Shards { get; set; }

    /// <summary>What happens to a step whose gradient is not finite.</summary>
    /// <value>Default <see cref="NonFiniteAction.Fail"/>.</value>
    public NonFiniteAction NonFinite { get; set; } = NonFiniteAction.Fail;
}

/// <summary>What the run asks of the cluster.</summary>
public sealed class ResourcesSpec
{
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
}

/// <summary>How many trainers a run asks for.</summary>
public sealed class TrainersSpec
{
    /// <summary>With fewer free devices than this the run waits.</summary>
    /// <value>Default 1.</value>
    public int Min { get; set; } = 1;

    /// <summary>It takes no more devices than this.</summary>
    /// <value>Default 0, which means as many as there are shards.</value>
    public int Max { get; set; }

    /// <summary>
    /// A trainer that keeps a step waiting for so many times the usual step, and a second at least, has its shards computed by
    /// the others too (backup tasks, as in Dean and Ghemawat 2004). Whoever is first counts: the bits are the same.
    /// </summary>
    /// <value>Default 5; 0 waits for it.</value>
    public double BackupAfter { get; set; } = 5;
}

/// <summary>When what the run has learnt is written to the disk.</summary>
public sealed class CheckpointSpec
{
    /// <summary>The time between two checkpoints: a number of steps, or of seconds with an <c>s</c> behind it.</summary>
    /// <value>Default <c>10s</c>; <c>0</c> writes none but the last.</value>
    public string Every { get; set; } = "10s";

    /// <summary>How many are kept, the newest.</summary>
    /// <value>Default 3: the newest may be damaged, and the one before it too.</value>
    public int Keep { get; set; } = 3;
}

/// <summary>What is written down while the run trains.</summary>
public sealed class LoggingSpec
{
    /// <summary>Steps that one line of <c>metrics.jsonl</c> is the mean of.</summary>
    /// <value>Default 10.</value>
    public int Every { get; set; } = 10;

    /// <summary>Image grids have this many rows and columns.</summary>
    /// <value>Default 10.</value>
    public int GridSide { get; set; } = 10;
}

/// <summary>When the held-out examples judge the model while it trains.</summary>
public sealed class EvaluationSpec
{
    /// <summary>Steps between two evaluations; there is one after the last step too.</summary>
    /// <value>Default 0, which makes none.</value>
    public int Every { get; set; }

    /// <summary>Importance samples an example for the likelihood.</summary>
    /// <value>Default 64; 0 leaves the likelihood out.</value>
    public int Samples { get; set; } = 64;
}

/// <summary>What <c>ledger.jsonl</c> holds, from which an audit proves what was computed.</summary>
public sealed class LedgerSpec
{
    /// <summary>At which steps it holds the hash of the weights.</summary>
    /// <value>Default <see cref="LedgerHashKind.Checkpoints"/>.</value>
    public LedgerHashKind Hash { get; set; } = LedgerHashKind.Checkpoints;
}
