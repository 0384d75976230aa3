namespace Orleans.Concurrency;

/// <summary>Wraps a value that is not copied on its way.</summary>
[GenerateSerializer]
public readonly struct Immutable<T>
{
    [Id(0)]
    public readonly T Value;

    public Immutable(T value) => Value = value;
}

/// <summary>Wraps values.</summary>
public static class ImmutableExtensions
{
    public static Immutable<T> AsImmutable<T>(this T value) => new(value);
}
