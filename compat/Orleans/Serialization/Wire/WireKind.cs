namespace Orleans.Serialization.Wire;

/// <summary>How a member's value is laid out, which is all that a reader needs to step over one that it does not know.</summary>
internal enum WireKind : byte
{
    VarInt = 0,
    Fixed4 = 1,
    Fixed8 = 2,

    /// <summary>Four bytes of length, then that many bytes.</summary>
    Sized = 3,
}
