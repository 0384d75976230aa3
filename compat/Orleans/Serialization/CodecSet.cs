using System.Collections.Concurrent;

namespace Orleans.Serialization;

/// <summary>All codecs of this process. They depend on types alone, so that one set serves every silo and client in it.</summary>
internal static class CodecSet
{
    private static readonly ConcurrentDictionary<Type, Codec> All = new();

    public static Codec<T> Get<T>() => Holder<T>.Value ??= (Codec<T>)Get(typeof(T));

    /// <exception cref="CodecNotFoundException">The type may not travel; the message says why.</exception>
    public static Codec Get(Type type) => All.TryGetValue(type, out var codec) ? codec : All.GetOrAdd(type, CodecFactory.Create(type));

    /// <summary>Builds the codecs of a type and of everything within it, so that a refusal comes at start-up.</summary>
    public static void Check(Type type, HashSet<Type> done)
    {
        if (!done.Add(type)) return;
        foreach (var part in Get(type).Parts) Check(part, done);
    }

    private static class Holder<T>
    {
        public static Codec<T>? Value;
    }
}
