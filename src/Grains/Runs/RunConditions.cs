using VaeCluster.Contracts.Runs;

namespace VaeCluster.Grains.Runs;

/// <summary>
/// What a run tells of its life. All of it is written with every change and sent to everybody who watches, so a run that loses and gains silos for
/// weeks must not tell of each.
/// </summary>
internal static class RunConditions
{
    /// <summary>Conditions that are kept: about 100 KiB.</summary>
    public const int KeptMax = 500;

    /// <summary>The first of them, which tell how the run began.</summary>
    public const int FirstKept = 10;

    /// <summary>Leaves out what came after the first ones, oldest first, until no more than <see cref="KeptMax"/> are left.</summary>
    public static void Limit(List<RunCondition> conditions)
    {
        if (conditions.Count > KeptMax)
            conditions.RemoveRange(FirstKept, conditions.Count - KeptMax);
    }
}
