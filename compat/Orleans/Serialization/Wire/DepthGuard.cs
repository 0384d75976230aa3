namespace Orleans.Serialization.Wire;

/// <summary>Refuses values that are nested too deeply, which a value that contains itself always is.</summary>
internal sealed class DepthGuard
{
    /// <summary>Each level takes a few hundred bytes of stack; this many are far from the end of it.</summary>
    public const int LevelsMax = 256;

    private int _levels;

    public void Enter(Type type)
    {
        if (++_levels > LevelsMax) throw TooDeep(type);
    }

    public void Leave() => _levels--;

    public static SerializerException TooDeep(Type type) => new(
        $"A value is nested more than {LevelsMax} levels deep at {type}. It probably contains itself, and a message carries values, "
        + "not object identities: break the cycle, for example by sending a key in place of the object.");
}
