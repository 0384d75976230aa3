"""Writes conv_vae.json: one training step of a small convolutional VAE as PyTorch computes it, in double precision.

Run it with a Python that has PyTorch:  python3 conv_vae.py > conv_vae.json
Nothing is random: every parameter, the images and the noise are sines of their element's number, and the test makes
the same ones. Of each gradient the sum, the sum of the absolute values and the first elements are kept.
"""
import json

import torch
import torch.nn as nn
import torch.nn.functional as F


class ConvVae(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 4, 4, 2, 1), nn.BatchNorm2d(4), nn.LeakyReLU(0.2),
            nn.Conv2d(4, 8, 4, 2, 1), nn.BatchNorm2d(8), nn.LeakyReLU(0.2), nn.Flatten())
        self.mean = nn.Linear(32, 3)
        self.logvar = nn.Linear(32, 3)
        self.expand = nn.Linear(3, 32)
        self.decoder = nn.Sequential(
            nn.Unflatten(1, (8, 2, 2)), nn.ConvTranspose2d(8, 4, 4, 2, 1), nn.BatchNorm2d(4), nn.ReLU(),
            nn.ConvTranspose2d(4, 1, 4, 2, 1))

    def forward(self, images, noise):
        features = self.encoder(images)
        mean, logvar = self.mean(features), self.logvar(features)
        latent = mean + torch.exp(logvar / 2) * noise
        return self.decoder(self.expand(latent)), mean, logvar


def sines(shape, phase, scale):
    count = int(torch.tensor(shape).prod())
    return (scale * torch.sin(0.7 * torch.arange(count, dtype=torch.float64) + phase)).reshape(shape)


def main():
    model = ConvVae().double()
    with torch.no_grad():
        for number, parameter in enumerate(model.parameters()):
            parameter.copy_(sines(tuple(parameter.shape), number, 0.3))
    images = sines((5, 1, 8, 8), 0.5, 0.5) + 0.5
    noise = sines((5, 3), 1.5, 1.0)

    logits, mean, logvar = model(images, noise)
    reconstruction = F.binary_cross_entropy_with_logits(logits, images, reduction="sum")
    kl = -0.5 * torch.sum(1 + logvar - mean.pow(2) - logvar.exp())
    gradients = torch.autograd.grad(reconstruction + kl, list(model.parameters()))

    print(json.dumps({
        "pytorch": torch.__version__,
        "reconstruction": reconstruction.item(),
        "kl": kl.item(),
        "gradients": {
            name: {"sum": g.sum().item(), "absolute": g.abs().sum().item(), "first": g.flatten()[:4].tolist()}
            for (name, _), g in zip(model.named_parameters(), gradients)
        },
        "buffers": {name: buffer.double().flatten().tolist() for name, buffer in model.named_buffers()},
    }, indent=1))


if __name__ == "__main__":
    main()
