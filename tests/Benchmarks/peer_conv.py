"""The peer: conv28 (latent 20, Bernoulli) or conv64 (latent 128, Gaussian) in PyTorch with Adam 1e-3.

usage: peer_conv.py conv28|conv64 SECONDS BATCH THREADS
Prints the samples per second.
"""
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F


def down(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, 2, 1), nn.BatchNorm2d(o), nn.LeakyReLU(0.01))


def up(i, o):
    return nn.Sequential(nn.ConvTranspose2d(i, o, 3, 2, 1, 1), nn.BatchNorm2d(o), nn.LeakyReLU(0.01))


class Conv28(nn.Module):
    shape, latent = (1, 28, 28), 20

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Conv2d(1, 32, 3, 2, 1), nn.ReLU(), nn.Conv2d(32, 64, 3, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(3136, 40))
        self.decoder = nn.Sequential(
            nn.Linear(20, 3136), nn.Unflatten(1, (64, 7, 7)), nn.ReLU(), nn.ConvTranspose2d(64, 32, 3, 2, 1, 1), nn.ReLU(), nn.ConvTranspose2d(32, 1, 3, 2, 1, 1))

    def loss(self, output, x):
        return F.binary_cross_entropy_with_logits(output, x, reduction="sum")


class Conv64(nn.Module):
    shape, latent = (3, 64, 64), 128

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(down(3, 32), down(32, 64), down(64, 128), down(128, 256), down(256, 512), nn.Flatten(), nn.Linear(2048, 256))
        self.decoder = nn.Sequential(
            nn.Linear(128, 2048), nn.Unflatten(1, (512, 2, 2)), up(512, 256), up(256, 128), up(128, 64), up(64, 32), up(32, 32), nn.Conv2d(32, 3, 3, 1, 1), nn.Tanh())

    def loss(self, output, x):
        return 0.5 * (x - output).square().sum()


def main():
    kind, seconds, batch, threads = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    model = Conv28() if kind == "conv28" else Conv64()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    data = torch.rand(10 * batch, *model.shape)

    def step(i):
        x = data[(i % 10) * batch:(i % 10 + 1) * batch]
        optimizer.zero_grad(set_to_none=True)
        mean, log_variance = model.encoder(x).chunk(2, 1)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum()
        ((model.loss(model.decoder(z), x) + kl) / batch).backward()
        optimizer.step()

    for i in range(3):
        step(i)
    started = time.perf_counter()
    steps = 0
    while time.perf_counter() - started < seconds:
        step(steps)
        steps += 1
    print(f"{steps * batch / (time.perf_counter() - started):.0f}")


main()
