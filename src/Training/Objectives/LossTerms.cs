using static TorchSharp.torch;

namespace VaeCluster.Training.Objectives;

/// <summary>A loss, summed over a batch, in nats: scalars that the caller's dispose scope owns.</summary>
/// <param name="Total">What is differentiated. Its gradient is what counts; an estimator's value may mean nothing.</param>
/// <param name="Reconstruction">-E_q[log p(x|z)].</param>
/// <param name="Regularization">
/// The other term, unweighted: KL(q(z|x) || N(0, I)) of a VAE, nothing of a plain autoencoder, the codebook's and the commitment term of a
/// vector-quantised one.
/// </param>
public readonly record struct LossTerms(Tensor Total, Tensor Reconstruction, Tensor Regularization);
