namespace VaeCluster.Data.Randomness;

/// <summary>What random numbers are for. Part of the key, so that no two uses ever share numbers; never renumber these.</summary>
public enum RandomPurpose
{
    /// <summary>The order of an epoch's examples.</summary>
    Permutation = 1,

    /// <summary>The noise of the reparameterization, while training.</summary>
    TrainingNoise = 2,

    /// <summary>The same, while evaluating held-out examples.</summary>
    EvaluationNoise = 3,

    /// <summary>Initial weights.</summary>
    Initialization = 4,

    /// <summary>Draws from the prior for images of samples.</summary>
    Samples = 5,

    /// <summary>Importance samples of held-out examples: a stream for each example.</summary>
    ImportanceNoise = 16,

    /// <summary>Draws from the posteriors that make up the aggregate posterior: a stream for each example.</summary>
    AggregateNoise = 17,

    /// <summary>The votes of FactorVAE's score: a stream for each vote.</summary>
    FactorVotes = 18,

    /// <summary>Binary pixels that are drawn once.</summary>
    StaticBinarization = 32,

    /// <summary>Binary pixels that are drawn anew in each epoch.</summary>
    DynamicBinarization = 33,

    /// <summary>Which way the values of a compressed gradient are rounded: a key for each step and shard.</summary>
    GradientRounding = 48,
}

/// <summary>
/// The random numbers of one place in a run: a pure function of the seed, the purpose and two indices (of the step and the
/// shard, say), computed on the host so that every device sees the same.
/// </summary>
public readonly struct CounterRandom
{
    private readonly ulong _key;
    private readonly uint _purposeAndMinor;
    private readonly ulong _major;

    /// <summary>The numbers of one place.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="major">The step, the epoch or the like.</param>
    /// <param name="minor">The shard, the tensor or the like: 0 to 16,777,215.</param>
    public CounterRandom(long seed, RandomPurpose purpose, long major, int minor = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minor, 0xFF_FFFF);
        _key = (ulong)seed;
        _purposeAndMinor = ((uint)purpose << 24) | (uint)minor;
        _major = (ulong)major;
    }

    /// <summary>The block of this stream at an index, 0 to 2^32 - 1: four independent words.</summary>
    public PhiloxBlock Block(uint index) =>
        Philox.Block(new(index, _purposeAndMinor, (uint)_major, (uint)(_major >> 32)), _key);

    /// <summary>Fills with draws from the standard normal distribution (Box and Muller 1958), two from each pair of words.</summary>
    public void FillNormal(Span<float> values)
    {
        Span<float> four = stackalloc float[4];
        for (var start = 0; start < values.Length; start += 4)
        {
            var block = Block((uint)(start / 4));
            (four[0], four[1]) = BoxMuller.Draw(block.A, block.B);
            (four[2], four[3]) = BoxMuller.Draw(block.C, block.D);
            four[..Math.Min(4, values.Length - start)].CopyTo(values[start..]);
        }
    }

    /// <summary>Fills with draws from the uniform distribution on [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public void FillUniform(Span<float> values, float low, float high)
    {
        for (var start = 0; start < values.Length; start += 4)
        {
            var (a, b, c, d) = Block((uint)(start / 4));
            Span<float> four = [Unit(a), Unit(b), Unit(c), Unit(d)];
            for (var i = 0; i < Math.Min(4, values.Length - start); i++)
                values[start + i] = low + ((high - low) * four[i]);
        }
    }

    /// <summary>The upper 24 bits as a multiple of 2^-24 in [0, 1): exact in a float.</summary>
    private static float Unit(uint word) => (word >> 8) * (1f / (1 << 24));
}
