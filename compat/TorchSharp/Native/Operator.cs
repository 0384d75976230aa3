using System.Text;

namespace TorchSharp.Native;

/// <summary>
/// An operator of libtorch, found by its schema name on first use and called through libtorch's dispatcher.
/// Arguments are given in the schema's order; trailing ones that are left out take the schema's defaults.
/// </summary>
internal sealed unsafe class Operator(string name, string overload = "")
{
    /// <summary>Enough for every call without long lists, so that a call allocates nothing but its results.</summary>
    private const int StackWords = 128;

    private nint _handle;

    /// <summary>Calls an operator that returns one tensor. The caller owns it.</summary>
    internal torch.Tensor Call(params ReadOnlySpan<Argument> arguments)
    {
        long result = 0;
        Invoke(arguments, &result, 1);
        return new torch.Tensor((nint)result);
    }

    /// <summary>Calls an operator for its effect, e.g. one that works in place.</summary>
    internal void Run(params ReadOnlySpan<Argument> arguments) => Invoke(arguments, null, 0);

    /// <summary>Calls an operator that changes its first argument, and returns that one.</summary>
    internal torch.Tensor Update(params ReadOnlySpan<Argument> arguments)
    {
        Invoke(arguments, null, 0);
        return (torch.Tensor)arguments[0].Reference!;
    }

    /// <summary>Calls an operator that returns two tensors.</summary>
    internal (torch.Tensor First, torch.Tensor Second) CallPair(params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc long[2];
        Invoke(arguments, results, 2);
        return (new torch.Tensor((nint)results[0]), new torch.Tensor((nint)results[1]));
    }

    /// <summary>Calls an operator that returns a list of at most <paramref name="capacity"/> tensors.</summary>
    internal torch.Tensor[] CallList(long capacity, params ReadOnlySpan<Argument> arguments)
    {
        var results = new long[capacity];
        int count;
        fixed (long* pointer = results) count = Invoke(arguments, pointer, results.Length);
        return Array.ConvertAll(results[..count], static handle => new torch.Tensor((nint)handle));
    }

    /// <summary>Calls an operator that returns a number; for a double these are its bits.</summary>
    internal long CallWord(params ReadOnlySpan<Argument> arguments)
    {
        long result = 0;
        Invoke(arguments, &result, 1);
        return result;
    }

    private int Invoke(ReadOnlySpan<Argument> arguments, long* results, int capacity)
    {
        var wordCount = 0;
        foreach (ref readonly var argument in arguments) wordCount += argument.WordCount;

        Span<long> words = wordCount <= StackWords ? stackalloc long[StackWords] : new long[wordCount];
        var rest = words;
        foreach (ref readonly var argument in arguments) rest = argument.Write(rest);

        int count;
        fixed (long* pointer = words) count = NativeMethods.OperatorCall(Handle, pointer, arguments.Length, results, capacity);

        // The words hold bare handles: without this a tensor whose last use is this call could be finalized during it.
        foreach (ref readonly var argument in arguments) GC.KeepAlive(argument.Reference);
        return NativeCall.Check(count);
    }

    private nint Handle => _handle != 0 ? _handle : _handle = Resolve();

    /// <summary>Finds the operator in this libtorch.</summary>
    internal nint Resolve()
    {
        fixed (byte* schema = Encoding.UTF8.GetBytes($"{(name.Contains("::", StringComparison.Ordinal) ? "" : "aten::")}{name}\0"), variant = Encoding.UTF8.GetBytes($"{overload}\0"))
            return NativeCall.Check(NativeMethods.OperatorFind(schema, variant));
    }
}
