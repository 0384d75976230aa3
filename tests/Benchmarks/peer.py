"""The peer: the same models in PyTorch with Adam 1e-3, alone or with DistributedDataParallel over gloo.

usage: peer.py mlp|conv28|conv64 BATCH THREADS SECONDS
With WORLD_SIZE above 1 it is one of so many processes, and RANK, MASTER_ADDR and MASTER_PORT say which and where.
Prints its measurement as one line of JSON: samples, seconds, processor seconds and the peak of its resident memory.
"""
import json
import os
import sys
import time

import torch
import torch.distributed as dist
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.parallel import DistributedDataParallel

BATCHES = 10


def down(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, 2, 1), nn.BatchNorm2d(o), nn.LeakyReLU(0.01))


def up(i, o):
    return nn.Sequential(nn.ConvTranspose2d(i, o, 3, 2, 1, 1), nn.BatchNorm2d(o), nn.LeakyReLU(0.01))


def mlp():
    return (
        nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 40)),
        nn.Sequential(nn.Linear(20, 512), nn.ReLU(), nn.Linear(512, 784)))


def conv28():
    return (
        nn.Sequential(nn.Conv2d(1, 32, 3, 2, 1), nn.ReLU(), nn.Conv2d(32, 64, 3, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(3136, 40)),
        nn.Sequential(
            nn.Linear(20, 3136), nn.ReLU(), nn.Unflatten(1, (64, 7, 7)),
            nn.ConvTranspose2d(64, 32, 3, 2, 1, 1), nn.ReLU(), nn.ConvTranspose2d(32, 1, 3, 2, 1, 1)))


def conv64():
    return (
        nn.Sequential(down(3, 32), down(32, 64), down(64, 128), down(128, 256), down(256, 512), nn.Flatten(), nn.Linear(2048, 256)),
        nn.Sequential(
            nn.Linear(128, 2048), nn.Unflatten(1, (512, 2, 2)),
            up(512, 256), up(256, 128), up(128, 64), up(64, 32), up(32, 32), nn.Conv2d(32, 3, 3, 1, 1), nn.Tanh()))


MODELS = {"mlp": (mlp, (784,), True), "conv28": (conv28, (1, 28, 28), True), "conv64": (conv64, (3, 64, 64), False)}


class Vae(nn.Module):
    """Its output is the loss, the mean over the examples."""

    def __init__(self, encoder, decoder, bernoulli):
        super().__init__()
        self.encoder, self.decoder, self.bernoulli = encoder, decoder, bernoulli

    def forward(self, x):
        mean, log_variance = self.encoder(x).chunk(2, 1)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        output = self.decoder(z)
        if self.bernoulli:
            reconstruction = F.binary_cross_entropy_with_logits(output, x, reduction="sum")
        else:
            reconstruction = 0.5 * (x - output).square().sum()
        kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum()
        return (reconstruction + kl) / x.shape[0]


def peak_bytes():
    with open("/proc/self/status") as status:
        return next(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def steps_in(step, seconds, world):
    """How many steps take so long: the same number in each process, because one that stopped by itself would leave the others waiting."""
    started, count = time.perf_counter(), 0
    while count < 5 or (world == 1 and time.perf_counter() - started < seconds / 3):
        step(count)
        count += 1
    steps = torch.tensor([max(1, int(seconds * count / (time.perf_counter() - started)))])
    if world > 1:
        dist.broadcast(steps, 0)
    return int(steps)


def main():
    name, batch, threads, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    world = int(os.environ.get("WORLD_SIZE", "1"))
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    create, shape, bernoulli = MODELS[name]
    model = Vae(*create(), bernoulli)
    if world > 1:
        dist.init_process_group("gloo")
        model = DistributedDataParallel(model)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    data = torch.rand(BATCHES * batch, *shape)

    def step(i):
        optimizer.zero_grad(set_to_none=True)
        model(data[(i % BATCHES) * batch:(i % BATCHES + 1) * batch]).backward()
        optimizer.step()

    # Twice: the first steps are slower than those that follow, and their number would be too small.
    for i in range(steps_in(step, min(1, seconds / 3), world)):
        step(i)
    count = steps_in(step, seconds, world)
    started, cpu = time.perf_counter(), time.process_time()
    for i in range(count):
        step(i)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    print(json.dumps({"count": count * batch, "seconds": seconds, "cpuSeconds": cpu, "peakBytes": peak_bytes()}), flush=True)
    # gloo sometimes hangs while it is torn down; the measurement is out, so the process just goes.
    os._exit(0)


main()
