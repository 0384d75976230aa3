using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers on the CPU.</summary>
    public class Generator : IDisposable
    {
        private nint _handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            _handle = NativeCall.Check(NativeMethods.GeneratorNew(seed, (int)this.device.type, this.device.index));
        }

        private Generator(nint handle)
        {
            device = CPU;
            _handle = handle;
        }

        ~Generator() => Dispose(false);

        /// <summary>The one that operations use where none is given.</summary>
        public static Generator Default => new(NativeCall.Check(NativeMethods.GeneratorDefault()));

        public Device device { get; }

        public IntPtr Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Generator invalid -- empty handle.");

        public Generator manual_seed(long seed)
        {
            NativeCall.Check(NativeMethods.GeneratorSetSeed(Handle, unchecked((ulong)seed)));
            GC.KeepAlive(this);
            return this;
        }

        public long initial_seed()
        {
            var seed = NativeMethods.GeneratorInitialSeed(Handle);
            GC.KeepAlive(this);
            return unchecked((long)seed);
        }

        /// <summary>Seeds it anew from the machine, and returns that seed.</summary>
        public long seed()
        {
            var seed = NativeMethods.GeneratorSeed(Handle);
            GC.KeepAlive(this);
            return unchecked((long)seed);
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0) NativeMethods.GeneratorFree(handle);
        }
    }
}
