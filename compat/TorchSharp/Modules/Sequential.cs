using System.Globalization;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Modules one after another. What lies between two of them is disposed as soon as the next has read it.</summary>
    public class Sequential : nn.Module<Tensor, Tensor>
    {
        private readonly List<(string Name, nn.IModule<Tensor, Tensor> Module)> _modules = [];

        protected Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules) : base(nameof(Sequential))
        {
            foreach (var (name, module) in modules) Add(name, module);
        }

        protected Sequential(params nn.Module<Tensor, Tensor>[] modules) : base(nameof(Sequential))
        {
            foreach (var module in modules) append(module);
        }

        internal Sequential(IEnumerable<(string Name, nn.IModule<Tensor, Tensor> Module)> modules) : base(nameof(Sequential))
        {
            foreach (var (name, module) in modules) Add(name, module);
        }

        public int Count => _modules.Count;

        [IndexerName("SequentialItems")]
        public nn.IModule<Tensor, Tensor> this[int index] => _modules[index].Module;

        /// <summary>A sequence of the same modules, not of copies.</summary>
        [IndexerName("SequentialItems")]
        public Sequential this[Range index] => new(_modules[index]);

        /// <summary>Adds a module under its position.</summary>
        public Sequential append(nn.IModule<Tensor, Tensor> module) => append(Count.ToString(CultureInfo.InvariantCulture), module);

        public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
        {
            Add(name, module);
            return this;
        }

        public override Tensor forward(Tensor tensor)
        {
            if (Count == 0) return tensor.alias();

            var result = _modules[0].Module.call(tensor);
            foreach (var (_, module) in _modules[1..])
            {
                using var input = result;
                result = module.call(input);
            }
            return result;
        }

        private void Add(string name, nn.IModule<Tensor, Tensor> module)
        {
            register_module(name, (nn.Module)module);
            _modules.Add((name, module));
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Sequential Sequential() => new([]);

            public static Modules.Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) =>
                new(modules.Select(static named => (named.name, (IModule<Tensor, Tensor>)named.submodule)));

            public static Modules.Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) =>
                Sequential(modules.ToArray());

            public static Modules.Sequential Sequential(params Module<Tensor, Tensor>[] modules) =>
                Sequential((IEnumerable<Module<Tensor, Tensor>>)modules);

            public static Modules.Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules)
            {
                var result = Sequential();
                foreach (var module in modules) result.append(module);
                return result;
            }
        }
    }
}
