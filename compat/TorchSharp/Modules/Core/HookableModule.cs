namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module whose calls can be watched and changed.</summary>
        public class HookableModule<TPreHook, TPostHook> : Module
        {
            protected Dictionary<string, TPreHook> pre_hooks = [];
            protected Dictionary<string, TPostHook> post_hooks = [];

            protected HookableModule(string name) : base(name)
            {
            }

            public HookRemover register_forward_hook(TPostHook hook)
            {
                var remover = new HookRemover(this, NewKey());
                post_hooks.Add(remover.Key, hook);
                return remover;
            }

            public HookRemover register_forward_pre_hook(TPreHook hook)
            {
                var remover = new HookRemover(this, NewKey());
                pre_hooks.Add(remover.Key, hook);
                return remover;
            }

            private static string NewKey() => Guid.NewGuid().ToString();

            /// <summary>Takes a hook out again.</summary>
            public class HookRemover
            {
                private readonly HookableModule<TPreHook, TPostHook> _module;

                public HookRemover(HookableModule<TPreHook, TPostHook> module, string key) => (_module, Key) = (module, key);

                internal string Key { get; }

                public void remove()
                {
                    _module.pre_hooks.Remove(Key);
                    _module.post_hooks.Remove(Key);
                }
            }
        }
    }
}
