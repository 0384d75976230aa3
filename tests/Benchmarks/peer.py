"""The peer: the same VAE (784-512-20, Bernoulli, Adam 1e-3) in PyTorch, alone or with DistributedDataParallel over gloo.

usage: peer.py SECONDS BATCH_PER_PROCESS [--ddp]     (with --ddp: under torchrun's environment variables)
Prints the samples per second of all processes together.
"""
import os
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 40))
        self.decoder = nn.Sequential(nn.Linear(20, 512), nn.ReLU(), nn.Linear(512, 784))

    def forward(self, x):
        mean, log_variance = self.encoder(x).chunk(2, 1)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        reconstruction = F.binary_cross_entropy_with_logits(self.decoder(z), x, reduction="sum")
        kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum()
        return (reconstruction + kl) / x.shape[0]


def main():
    seconds, batch, ddp = float(sys.argv[1]), int(sys.argv[2]), "--ddp" in sys.argv
    torch.set_num_threads(1)
    torch.manual_seed(0)
    model, world, rank = Vae(), 1, 0
    if ddp:
        import torch.distributed as dist
        from torch.nn.parallel import DistributedDataParallel
        dist.init_process_group("gloo")
        world, rank = dist.get_world_size(), dist.get_rank()
        model = DistributedDataParallel(model)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    data = torch.rand(70 * batch, 784)

    def step(i):
        optimizer.zero_grad(set_to_none=True)
        model(data[(i % 70) * batch:(i % 70 + 1) * batch]).backward()
        optimizer.step()

    for i in range(20):
        step(i)
    # A fixed number of steps, because processes that stop at a time of their own would leave the others waiting.
    started, count = time.perf_counter(), 100
    for i in range(count):
        step(i)
    pace = count / (time.perf_counter() - started)
    count = max(100, int(seconds * pace))
    if ddp:
        agreed = torch.tensor([count])
        dist.broadcast(agreed, 0)
        count = int(agreed)
    started = time.perf_counter()
    for i in range(count):
        step(i)
    elapsed = time.perf_counter() - started
    if rank == 0:
        print(f"{count * batch * world / elapsed:.0f}", flush=True)
    # gloo sometimes hangs while it is torn down; the number is out, so the process just goes.
    os._exit(0)


main()
