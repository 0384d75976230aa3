using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // Draws into and from a tensor.
    public partial class Tensor
    {
        public Tensor bernoulli(Generator? generator = null) => Aten.Bernoulli.Call(this, generator);

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Aten.BernoulliFloat_.Update(this, p, generator);

        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) =>
            Aten.Normal_.Update(this, mean, std, generator);

        public Tensor uniform_(double from, double to, Generator? generator = null) => Aten.Uniform_.Update(this, from, to, generator);

        public Tensor exponential_(double lambda = 1, Generator? generator = null) => Aten.Exponential_.Update(this, lambda, generator);

        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Aten.Multinomial.Call(this, num_samples, replacement, generator);
    }
}
