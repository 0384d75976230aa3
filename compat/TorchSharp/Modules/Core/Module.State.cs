namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Parameters and persistent buffers as a dictionary, and the parameters' gradients.
        public partial class Module
        {
            /// <param name="set_to_none">Whether the gradients go away, or stay and become zero.</param>
            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                {
                    if (set_to_none)
                    {
                        parameter.ClearGradient();
                        continue;
                    }

                    using var gradient = parameter.Gradient;
                    gradient?.zero_();
                }
            }

            /// <summary>The tensors themselves, not copies, by name.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                string Key(string key) => string.IsNullOrEmpty(prefix) ? key : $"{prefix}.{key}";

                foreach (var (parameterName, parameter) in named_parameters()) destination.TryAdd(Key(parameterName), parameter);
                foreach (var (bufferName, buffer) in named_buffers(include_nonpersistent: false)) destination.TryAdd(Key(bufferName), buffer);
                return destination;
            }

            /// <summary>Copies the tensors of a dictionary into those of this module.</summary>
            /// <exception cref="InvalidOperationException">With <paramref name="strict"/>, the names are not the same on both sides.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var destination = state_dict();
                List<string> missing = [.. destination.Keys.Where(key => !source.ContainsKey(key) && skip?.Contains(key) != true)];
                List<string> unexpected = [.. source.Keys.Where(key => !destination.ContainsKey(key) && skip?.Contains(key) != true)];

                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException(
                        $"The loaded state_dict is not identical to the target dictionary. Missing: [{string.Join(", ", missing)}]; unexpected: [{string.Join(", ", unexpected)}].");

                // A leaf that requires gradients may be overwritten only where no graph is recorded.
                using var gradients = no_grad();
                foreach (var (key, tensor) in source)
                    if (skip?.Contains(key) != true && destination.TryGetValue(key, out var target)) target.copy_(tensor);

                return (missing, unexpected);
            }
        }
    }
}
