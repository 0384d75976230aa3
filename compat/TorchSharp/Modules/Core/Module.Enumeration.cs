using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // What a module holds, by name. A tensor that is reached twice is named once.
        public partial class Module
        {
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<IntPtr>();
                foreach (var (parameterName, parameter) in _internal_params)
                    if (!parameter.IsInvalid && seen.Add(parameter.Handle)) yield return (parameterName, parameter);

                if (!recurse) yield break;

                foreach (var (childName, child) in _internal_submodules)
                    foreach (var (parameterName, parameter) in child.named_parameters())
                        if (seen.Add(parameter.Handle)) yield return ($"{childName}.{parameterName}", parameter);
            }

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<IntPtr>();
                foreach (var (bufferName, buffer) in _buffers)
                    if (!buffer.IsInvalid && seen.Add(buffer.Handle)) yield return (bufferName, buffer);

                if (!recurse) yield break;

                foreach (var (childName, child) in _internal_submodules)
                    foreach (var (bufferName, buffer) in child.named_buffers(true, include_nonpersistent))
                        if (seen.Add(buffer.Handle)) yield return ($"{childName}.{bufferName}", buffer);
            }

            public virtual IEnumerable<(string name, Module module)> named_children() => _internal_submodules;

            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in _internal_submodules) yield return child;

                foreach (var (childName, child) in _internal_submodules)
                    foreach (var (moduleName, module) in child.named_modules())
                        yield return ($"{childName}.{moduleName}", module);
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) =>
                named_parameters(recurse).Select(static named => named.parameter);

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(static named => named.buffer);

            public virtual IEnumerable<Module> children() => named_children().Select(static named => named.module);

            public virtual IEnumerable<Module> modules() => named_modules().Select(static named => named.module);

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            /// <param name="target">A path such as <c>encoder.0.weight</c>.</param>
            public virtual Parameter? get_parameter(string target)
            {
                if (_internal_params.TryGetValue(target, out var parameter)) return parameter;
                return ChildOf(target, out var rest)?.get_parameter(rest);
            }

            /// <inheritdoc cref="get_parameter(string)"/>
            public virtual Tensor? get_buffer(string target)
            {
                if (_buffers.TryGetValue(target, out var buffer)) return buffer;
                return ChildOf(target, out var rest)?.get_buffer(rest);
            }

            private Module? ChildOf(string target, out string rest)
            {
                var dot = target.IndexOf('.', StringComparison.Ordinal);
                rest = target[(dot + 1)..];
                if (dot < 0) return null;

                var childName = target[..dot];
                return named_children().FirstOrDefault(child => child.name == childName).module;
            }
        }
    }
}
