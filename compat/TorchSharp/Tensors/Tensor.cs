using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of libtorch. Owned by whoever made it, or by the dispose scope that was open on that thread.</summary>
    public partial class Tensor : IDisposable
    {
        private static long _totalCount;
        private static long _peakCount;

        private nint _handle;

        internal Tensor(nint handle) : this(handle, isScoped: true)
        {
        }

        /// <param name="handle">A handle that this tensor now owns; zero makes an invalid tensor, which is how an unused gradient comes back.</param>
        /// <param name="isScoped">False for what outlives every scope, as the parameters and buffers of a module do.</param>
        private protected Tensor(nint handle, bool isScoped)
        {
            _handle = handle;
            RaisePeak(Interlocked.Increment(ref _totalCount));
            if (isScoped) OwningDisposeScope = DisposeScopeManager.ThreadSingleton.Register(this);
        }

        ~Tensor() => Release();

        /// <summary>How many tensors managed code holds.</summary>
        public static long TotalCount => Interlocked.Read(ref _totalCount);

        public static long PeakCount => Interlocked.Read(ref _peakCount);

        public string? name { get; set; }

        public bool IsInvalid => _handle == 0;

        /// <exception cref="InvalidOperationException">The tensor was disposed.</exception>
        public IntPtr Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        internal DisposeScope? OwningDisposeScope { get; set; }

        /// <summary>Takes over a handle that somebody else made.</summary>
        public static Tensor UnsafeCreateTensor(IntPtr handle) => new(handle);

        public void Dispose()
        {
            Release();
            GC.SuppressFinalize(this);
        }

        /// <summary>Hands the tensor to the scope around the one that holds it; without one nobody disposes it any more.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        /// <summary>Takes the tensor out of its scope: from now on its owner disposes it.</summary>
        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        /// <summary>Gives up the handle without freeing it.</summary>
        public IntPtr DecoupleFromNativeHandle()
        {
            GC.SuppressFinalize(this);
            var handle = Handle;
            Interlocked.Decrement(ref _totalCount);
            _handle = 0;
            return handle;
        }

        /// <summary>Gives the handle to a tensor that takes this one's place, in the scope too.</summary>
        internal nint MoveHandle(out DisposeScope? scope)
        {
            scope = OwningDisposeScope;
            scope?.MarkAsDisposed(this);
            return DecoupleFromNativeHandle();
        }

        private void Release()
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle == 0) return;

            DisposeScopeManager.ThreadSingleton.OnDisposing(this);
            OwningDisposeScope?.MarkAsDisposed(this);
            Interlocked.Decrement(ref _totalCount);
            NativeMethods.TensorFree(handle);
        }

        private static void RaisePeak(long count)
        {
            var peak = Interlocked.Read(ref _peakCount);
            while (count > peak)
            {
                var seen = Interlocked.CompareExchange(ref _peakCount, count, peak);
                if (seen == peak) return;
                peak = seen;
            }
        }
    }
}
