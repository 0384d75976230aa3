using System.Globalization;

namespace VaeCluster.Fuzz;

/// <summary>What <c>make fuzz SEED=1 CASES=100000</c> says; fewer cases in the suite.</summary>
internal static class FuzzSettings
{
    private const int CasesInTheSuite = 6_000;

    /// <summary>Keys every case: the same seed gives the same cases.</summary>
    public static ulong Seed { get; } = Read("VAECLUSTER_FUZZ_SEED", 1UL);

    /// <summary>Cases of all targets together.</summary>
    public static int Cases { get; } = (int)Read("VAECLUSTER_FUZZ_CASES", CasesInTheSuite);

    private static ulong Read(string variable, ulong otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
