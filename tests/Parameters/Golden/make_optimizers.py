"""Writes optimizers.json: what torch.optim makes of the same weights and gradients.

Run it with any PyTorch:  python3 make_optimizers.py > optimizers.json
"""

import json
import sys

import torch

COUNT = 21  # Two vectors of eight and a rest, so that both the vector loop and its tail are held to the numbers.
STEPS = 6

RULES = {
    "adam": lambda w: torch.optim.Adam([w], lr=0.01),
    "adam, other moments, weight decay": lambda w: torch.optim.Adam([w], lr=0.05, betas=(0.8, 0.95), eps=1e-4, weight_decay=0.1),
    "adamw": lambda w: torch.optim.AdamW([w], lr=0.01, weight_decay=0.1),
    "sgd": lambda w: torch.optim.SGD([w], lr=0.1),
    "sgd, momentum, weight decay": lambda w: torch.optim.SGD([w], lr=0.1, momentum=0.9, weight_decay=0.1),
}


def main() -> None:
    torch.manual_seed(1)
    initial = torch.randn(COUNT)
    # From tiny to large, so that epsilon matters for some.
    gradients = torch.randn(STEPS, COUNT) * torch.logspace(-5, 2, COUNT)
    trajectories = {}
    for name, make in RULES.items():
        weights = initial.clone().requires_grad_()
        rule = make(weights)
        trajectory = []
        for gradient in gradients:
            weights.grad = gradient.clone()
            rule.step()
            trajectory.append(weights.detach().tolist())
        trajectories[name] = trajectory
    golden = {"torch": torch.__version__, "initial": initial.tolist(), "gradients": gradients.tolist(), "trajectories": trajectories}
    json.dump(golden, sys.stdout, indent=None, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
