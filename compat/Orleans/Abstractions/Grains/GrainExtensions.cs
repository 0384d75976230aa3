using Orleans.Runtime;

namespace Orleans;

/// <summary>What a grain, or a reference to one, tells about itself.</summary>
public static class GrainExtensions
{
    /// <summary>A reference that other grains can be given; the grain object itself must never leave its activation.</summary>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain.AsGrainReference().Cast<TGrainInterface>();
    }

    public static TGrainInterface Cast<TGrainInterface>(this IAddressable grain) => grain.AsReference<TGrainInterface>();

    public static GrainId GetGrainId(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain switch
        {
            GrainReference reference => reference.GrainId,
            IGrainBase { GrainContext: not null } grainBase => grainBase.GrainContext.GrainId,
            _ => throw NotBound(grain),
        };
    }

    public static string GetPrimaryKeyString(this IAddressable grain) => grain.GetGrainId().Key.ToString();

    public static long GetPrimaryKeyLong(this IAddressable grain) => grain.GetGrainId().GetIntegerKey();

    public static Guid GetPrimaryKey(this IAddressable grain) => grain.GetGrainId().GetGuidKey();

    internal static GrainReference AsGrainReference(this IAddressable grain) => grain switch
    {
        GrainReference reference => reference,
        IGrainBase { GrainContext: not null } grainBase => grainBase.GrainContext.GrainReference,
        _ => throw NotBound(grain),
    };

    private static ArgumentException NotBound(IAddressable grain) => new(
        $"{grain.GetType()} is neither a grain reference nor an activated grain. Get a reference from IGrainFactory.GetGrain, "
        + "or for an observer from IGrainFactory.CreateObjectReference.",
        nameof(grain));
}
