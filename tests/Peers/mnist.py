"""The same as `vaectl reproduce`'s short runs, in PyTorch: what their expected ranges were measured with.

Trains on the first 9,000 of MNIST's test digits, holds the last 1,000 out, and prints a line for each seed, in nats per example.
usage: mnist.py FOLDER mlp|mlp-long|mlp-2d|mlp-2d-long|conv28-2d|conv28|conv28-2d-squares|burda-k1|burda-k5|pythae [SEEDS]
"""
import gzip
import math
import sys

import torch
from torch import nn

torch.set_num_threads(1)


def digits(folder):
    with gzip.open(f"{folder}/t10k-images-idx3-ubyte.gz") as file:
        pixels = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8)[16:]
    return pixels.reshape(-1, 784).float() / 255


class Mlp(nn.Module):
    def __init__(self, hidden, latent, activation=nn.ReLU):
        super().__init__()
        self.latent = latent

        def layers(*widths):
            parts = [nn.Linear(widths[0], widths[1])]
            for a, b in zip(widths[1:], widths[2:]):
                parts += [activation(), nn.Linear(a, b)]
            return nn.Sequential(*parts)

        self.encoder = layers(784, *hidden, 2 * latent)
        self.decoder = layers(latent, *reversed(hidden), 784)


class Conv28(nn.Module):
    def __init__(self, latent):
        super().__init__()
        self.latent = latent
        self.encoder = nn.Sequential(
            nn.Unflatten(1, (1, 28, 28)), nn.Conv2d(1, 32, 3, 2, 1), nn.ReLU(), nn.Conv2d(32, 64, 3, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(3136, 2 * latent))
        self.decoder = nn.Sequential(
            nn.Linear(latent, 3136), nn.Unflatten(1, (64, 7, 7)), nn.ReLU(),
            nn.ConvTranspose2d(64, 32, 3, 2, 1, 1), nn.ReLU(), nn.ConvTranspose2d(32, 1, 3, 2, 1, 1), nn.Flatten())


def log_weights(model, x, k):
    """log p(x, z) - log q(z|x) for k draws of z, shape [k, B]."""
    mean, logvar = model.encoder(x).chunk(2, 1)
    eps = torch.randn(k, *mean.shape)
    z = mean + (logvar / 2).exp() * eps
    logits = model.decoder(z.reshape(-1, model.latent)).reshape(k, *x.shape)
    log_px = -nn.functional.binary_cross_entropy_with_logits(logits, x.expand_as(logits), reduction="none").sum(-1)
    log_ratio = 0.5 * (eps**2 + logvar - z**2).sum(-1)
    return log_px + log_ratio


def cross_entropy(logits, x):
    return nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="none").sum()


def squares(logits, x):
    return (logits.sigmoid() - x).square().sum()


def terms(model, x, distance):
    """Reconstruction error and KL, both summed over the examples."""
    mean, logvar = model.encoder(x).chunk(2, 1)
    z = mean + (logvar / 2).exp() * torch.randn_like(mean)
    return distance(model.decoder(z), x), 0.5 * (mean**2 + logvar.exp() - 1 - logvar).sum()


def elbo_loss(distance=cross_entropy, beta=1.0):
    def loss(model, x):
        reconstruction, kl = terms(model, x, distance)
        return reconstruction + beta * kl

    return loss


def iwae_loss(k):
    return lambda model, x: math.log(k) * len(x) - log_weights(model, x, k).logsumexp(0).sum()


RECIPES = {  # model, batch, epochs, binarised ("static": once, "dynamic": in each epoch), loss, what is measured of a reconstruction
    "mlp": (lambda: Mlp([512], 20), 128, 15, None, elbo_loss(), cross_entropy),
    "mlp-long": (lambda: Mlp([512], 20), 128, 50, None, elbo_loss(), cross_entropy),
    "mlp-2d": (lambda: Mlp([512], 2), 128, 15, None, elbo_loss(), cross_entropy),
    "mlp-2d-long": (lambda: Mlp([512], 2), 100, 50, None, elbo_loss(), cross_entropy),
    "conv28-2d": (lambda: Conv28(2), 100, 15, None, elbo_loss(), cross_entropy),
    "conv28": (lambda: Conv28(20), 100, 15, None, elbo_loss(), cross_entropy),
    "conv28-2d-squares": (lambda: Conv28(2), 100, 15, None, elbo_loss(squares, 0.01), squares),
    "burda-k1": (lambda: Mlp([200, 200], 50, nn.Tanh), 100, 30, "dynamic", elbo_loss(), cross_entropy),
    "burda-k5": (lambda: Mlp([200, 200], 50, nn.Tanh), 100, 30, "dynamic", iwae_loss(5), cross_entropy),
    "pythae": (lambda: Mlp([400], 40), 100, 30, "static", elbo_loss(), cross_entropy),
}

data = digits(sys.argv[1])
make, batch, epochs, binarised, loss_of, distance = RECIPES[sys.argv[2]]
for seed in range(1, int(sys.argv[3] if len(sys.argv) > 3 else 3) + 1):
    torch.manual_seed(seed)
    model = make()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    drawn = data.bernoulli() if binarised else data
    for epoch in range(epochs):
        train = data[:9000].bernoulli() if binarised == "dynamic" else drawn[:9000]
        for rows in torch.randperm(9000).split(batch):
            optimizer.zero_grad()
            (loss_of(model, train[rows]) / len(rows)).backward()
            optimizer.step()
    with torch.no_grad():
        test = drawn[9000:]
        reconstruction, kl = (sum(term.item() for term in each) / 1000 for each in zip(*(terms(model, part, distance) for part in test.split(250))))
        line = f"{sys.argv[2]} seed {seed}: test reconstruction {reconstruction:.2f}, KL {kl:.2f}, sum {reconstruction + kl:.2f}"
        if binarised:
            likelihood = sum((math.log(1000) - log_weights(model, x[None], 1000).logsumexp(0)).item() for x in test) / 1000
            line += f", -log p(x) with 1000 importance samples {likelihood:.2f}"
    print(line, flush=True)
