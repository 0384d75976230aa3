namespace VaeCluster.Contracts.Runs;

/// <summary>Terms of the loss, summed over examples, in nats.</summary>
/// <param name="Examples">How many examples the sums are over.</param>
/// <param name="Reconstruction">Sum of -E_q[log p(x|z)].</param>
/// <param name="Kl">Sum of KL(q(z|x) || N(0, I)), unweighted.</param>
[GenerateSerializer, Immutable, Alias("vaecluster.LossSums")]
public sealed record LossSums(
    [property: Id(0)] long Examples,
    [property: Id(1)] double Reconstruction,
    [property: Id(2)] double Kl)
{
    /// <summary>The sums over both parts.</summary>
    public static LossSums operator +(LossSums left, LossSums right) =>
        new(left.Examples + right.Examples, left.Reconstruction + right.Reconstruction, left.Kl + right.Kl);

    /// <inheritdoc cref="op_Addition"/>
    public LossSums Add(LossSums other) => this + other;
}
