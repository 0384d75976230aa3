namespace Orleans.Runtime;

/// <summary>Tells one activation of a grain from the ones before and after it.</summary>
public readonly struct ActivationId : IEquatable<ActivationId>
{
    public ActivationId(Guid key) => Key = key;

    internal Guid Key { get; }

    public bool IsDefault => Key == Guid.Empty;

    public static ActivationId NewId() => new(Guid.NewGuid());

    public static ActivationId FromParsableString(string activationId) =>
        Guid.TryParseExact(activationId?.TrimStart('@'), "N", out var key)
            ? new(key)
            : throw new FormatException($"'{activationId}' is not an activation id; it must be '@' and 32 hexadecimal digits.");

    public string ToParsableString() => $"@{Key:N}";

    public bool Equals(ActivationId other) => Key.Equals(other.Key);

    public override bool Equals(object? obj) => obj is ActivationId other && Equals(other);

    public override int GetHashCode() => Key.GetHashCode();

    public override string ToString() => ToParsableString();

    public static bool operator ==(ActivationId left, ActivationId right) => left.Equals(right);

    public static bool operator !=(ActivationId left, ActivationId right) => !left.Equals(right);
}
