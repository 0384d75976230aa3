using System.Text;
using VaeCluster.Contracts.Architectures;

namespace VaeCluster.Training.Export;

/// <summary>
/// Writes a Python file that builds the same architecture in PyTorch, with the same names, and loads the parameters. It needs torch and nothing
/// else: it reads the safetensors format itself.
/// </summary>
internal static class PyTorchExporter
{
    private const string Template = """"
        """A model that VaeCluster trained: @kind, latent @latent, images of @channelsx@heightx@width.

            from model import load
            model = load("model.safetensors")
            @outputs = model.encode(x)   # x: [N, @channels, @height, @width] in [0, 1]
            pixels = model.pixels(z)@pad# z: [N, @latent]; pixels in [0, 1]

        Needs torch, and nothing else.
        """
        import json
        import pathlib
        import struct

        import torch
        from torch import nn


        class Model(nn.Module):
            latent = @latent
            image = (@channels, @height, @width)

            def __init__(self):
                super().__init__()
        @fields

            def encode(self, x):
                """@encodes"""
        @encoder

            def decode(self, z):
                """@decodes, [N, @channels, @height, @width]."""
                x = z
        @decoder

            def pixels(self, z):
                """The decoder's mean, [N, @channels, @height, @width] in [0, 1]."""
                x = self.decode(z)
        @pixels

            def forward(self, x):
                return self.pixels(@first)


        def read_safetensors(path):
            """The tensors of a file by name: a length, a JSON header with types, shapes and byte ranges, then the bytes."""
            content = bytearray(pathlib.Path(path).read_bytes())
            (length,) = struct.unpack("<Q", content[:8])
            header = json.loads(content[8 : 8 + length])
            tensors = {}
            for name, entry in header.items():
                if name == "__metadata__":
                    continue
                if entry["dtype"] != "F32":
                    raise ValueError(f"{name} is of type {entry['dtype']}; this model is F32 throughout.")
                start, end = entry["data_offsets"]
                values = torch.frombuffer(content, dtype=torch.float32, count=(end - start) // 4, offset=8 + length + start)
                tensors[name] = values.reshape(entry["shape"]).clone()
            return tensors


        def load(path=pathlib.Path(__file__).with_name("model.safetensors")):
            """The trained model, in evaluation mode. A tensor that is missing or unknown is an error."""
            model = Model()
            # The state of the optimizer of local steps is none of the model's.
            found = {name: value for name, value in read_safetensors(path).items() if not name.startswith("inner.")}
            # How many batches a normalisation has seen takes no part in what it computes, and is not kept.
            counts = {name: value for name, value in model.state_dict().items() if name.endswith("num_batches_tracked")}
            model.load_state_dict({**counts, **found})
            return model.eval()


        if __name__ == "__main__":
            model = load()
            print(model)
            print(sum(p.numel() for p in model.parameters()), "parameters")

        """";

    public static byte[] Module(ExportedModel model)
    {
        var (graph, data, isPosterior) = (model.Graph, model.Data, model.Graph.Outputs.Count > 1);
        var outputs = string.Join(", ", graph.Outputs);
        string[] results = isPosterior ? ["mean, log_variance = x.chunk(2, 1)", "return mean, log_variance"] : ["return x"];
        Layer[] mean = model.IsMeanSigmoid ? [new ActivationLayer(ActivationKind.Sigmoid)] : [];
        var fields = PyTorchLayers.Fields([.. graph.Encoder, .. graph.Decoder]);
        if (model.Layout.Slots.Any(slot => slot.Name == "log_scale"))
            fields = fields.Append("self.log_scale = nn.Parameter(torch.zeros(1))");
        var text = new StringBuilder(Template)
            .Replace("@kind", model.Spec.Model.Kind)
            .Replace("@latent", $"{model.Latent}")
            .Replace("@channels", $"{data.Channels}").Replace("@height", $"{data.Height}").Replace("@width", $"{data.Width}")
            .Replace("@outputs", outputs)
            .Replace("@pad", new string(' ', outputs.Length - 3))
            .Replace("@fields", Lines(fields))
            .Replace("@encodes",
                isPosterior
                    ? $"Mean and logarithm of the variance of the posterior, [N, {model.Latent}] each."
                    : $"The codes, [N, {model.Latent}].")
            .Replace("@encoder", Lines([.. PyTorchLayers.Steps([.. OnnxExporter.ToRange(model), .. graph.Encoder]), .. results]))
            .Replace("@decodes", model.IsMeanSigmoid ? "Logits" : "Means as the last layer makes them")
            .Replace("@decoder", Lines([.. PyTorchLayers.Steps([.. graph.Decoder, new ReshapeLayer(data.Channels, data.Height, data.Width)]), "return x"]))
            .Replace("@pixels", Lines([.. mean.Select(_ => "x = x.sigmoid()"), .. PyTorchLayers.Steps(OnnxExporter.FromRange(model)), "return x"]))
            .Replace("@first", isPosterior ? "self.encode(x)[0]" : "self.encode(x)");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Lines(IEnumerable<string> statements) => string.Join('\n', statements.Select(statement => $"        {statement}"));
}
