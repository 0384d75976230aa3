"""Runs model.py on float32 values: python3 run.py FOLDER-OF-THE-MODEL X-FILE Z-FILE OUTPUT-FOLDER. Writes each result into a file of its name."""
import pathlib
import sys

import torch

folder, x_file, z_file, output = (pathlib.Path(argument) for argument in sys.argv[1:])
sys.path.insert(0, str(folder))
import model as exported  # noqa: E402

torch.set_num_threads(1)
model = exported.load()


def read(path, shape):
    return torch.frombuffer(bytearray(path.read_bytes()), dtype=torch.float32).reshape(-1, *shape)


def write(name, values):
    (output / name).write_bytes(bytes(values.contiguous().flatten().view(torch.uint8).tolist()))
    print(name, "x".join(str(size) for size in values.shape))


with torch.no_grad():
    encoded = model.encode(read(x_file, model.image))
    for name, values in zip(("mean", "log_variance"), encoded) if isinstance(encoded, tuple) else [("code", encoded)]:
        write(name, values)
    z = read(z_file, (model.latent,))
    write("output", model.decode(z))
    write("pixels", model.pixels(z))
