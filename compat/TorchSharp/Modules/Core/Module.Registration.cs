using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // How parts come into a module, by hand or from its fields.
        public partial class Module
        {
            private bool _areComponentsRegistered;

            /// <param name="name">Its key in the state dictionary.</param>
            /// <param name="tensor">What the module keeps, but does not learn.</param>
            /// <param name="persistent">Older versions know no other buffers, and newer ones neither move nor list them.</param>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (!persistent) throw new NotSupportedException($"Buffer {name} is not persistent; only persistent buffers behave alike in every version. Keep it in a field that RegisterComponents does not see, or make it persistent.");
                if (tensor is null || tensor.IsInvalid)
                    throw new ArgumentNullException(nameof(tensor), "A null tensor cannot be registered as a buffer.");
                if (!_buffers.TryAdd(name, tensor))
                    throw new InvalidOperationException($"Tensor {name} is already registered.");
            }

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid)
                    throw new ArgumentNullException(nameof(param), "A null tensor cannot be registered as a parameter.");
                if (!_internal_params.TryAdd(name, param))
                    throw new InvalidOperationException($"Parameter {name} is already registered.");
            }

            public void add_module(string name, Module module) => register_module(name, module);

            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null || submodule.IsDisposed)
                {
                    _internal_submodules.Remove(name);
                    return;
                }

                if (string.IsNullOrEmpty(name)) throw new ArgumentException("module name can't be empty string \"\"");
                if (name.Contains('.', StringComparison.Ordinal)) throw new ArgumentException($"module name can't contain \".\", got: {name}");
                if (_internal_submodules.ContainsKey(name)) throw new InvalidOperationException($"Sub-module {name} is already registered.");

                submodule.RegisterComponents();
                _internal_submodules.Add(name, submodule);
            }

            /// <summary>Registers every field that holds a module, a parameter or a tensor, under the field's name.</summary>
            protected virtual void RegisterComponents()
            {
                if (_areComponentsRegistered) return;

                foreach (var field in InstanceFields()) RegisterField(field.Name, field.GetValue(this));
                _areComponentsRegistered = true;
            }

            protected void ClearModules() => _internal_submodules.clear();

            protected void ConditionallyRegisterParameter(string name, Tensor? value) =>
                ConditionallyRegisterParameter(name, value as Parameter);

            /// <summary>Puts a parameter in the place of the one of that name, or takes that one out.</summary>
            private protected void ConditionallyRegisterParameter(string name, Parameter? value)
            {
                if (value is null) _internal_params.Remove(name);
                else _internal_params[name] = value;
            }

            private protected void ConditionallyRegisterBuffer(string name, Tensor? value)
            {
                if (value is null) _buffers.Remove(name);
                else _buffers[name] = value;
            }

            private void RegisterField(string fieldName, object? value)
            {
                if (_internal_submodules.ContainsKey(fieldName) || _internal_params.ContainsKey(fieldName) || _buffers.ContainsKey(fieldName)) return;

                switch (value)
                {
                    case Module module: register_module(fieldName, module); break;
                    case Parameter parameter: register_parameter(fieldName, parameter); break;
                    case Tensor tensor: register_buffer(fieldName, tensor); break;
                }
            }

            /// <summary>The fields of the type and of those it derives from down to this one, a hidden one left out.</summary>
            private IEnumerable<FieldInfo> InstanceFields()
            {
                var seen = new HashSet<string>();
                for (var type = GetType(); type is not null && type != typeof(Module); type = type.BaseType)
                    foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                        if (seen.Add(field.Name)) yield return field;
            }
        }
    }
}
