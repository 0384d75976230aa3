using System.Reflection;

namespace VaeCluster.Compat.Signatures;

/// <summary>A stand-in and the lists its signatures must be in: in every list of <see cref="Lists"/>, each of which may be several files.</summary>
internal sealed record StandIn(string AssemblyName, string[][] Lists, bool NamesMayDiffer = false)
{
    private const string Prefix = "VaeCluster.Compat.";

    public static readonly IReadOnlyList<StandIn> All =
    [
        new(Prefix + "Orleans", [["Orleans", "Redis"]]),
        // Both libtorch versions that the product may meet; their parameter names differ.
        new(Prefix + "TorchSharp", [["TorchSharp"], ["TorchSharp-0.99"]], NamesMayDiffer: true),
        new(Prefix + "Grpc.Core.Api", [["Grpc"]]),
        new(Prefix + "Grpc.Net.Client", [["Grpc"]]),
        new(Prefix + "Grpc.AspNetCore", [["Grpc"]]),
        new(Prefix + "OpenTelemetry", [["OpenTelemetry"]]),
    ];

    public static StandIn Of(string assemblyName) =>
        All.FirstOrDefault(s => s.AssemblyName == assemblyName) ??
        throw new ArgumentException($"'{assemblyName}' is not a stand-in; these are: {string.Join(", ", All.Select(s => s.AssemblyName))}.");

    /// <summary>The committed claims of this stand-in on one of its lists.</summary>
    public string ClaimsPath(string[] list) =>
        Path.Combine(Repository.Claims, $"{AssemblyName[Prefix.Length..]}.{list[0]}.txt");

    /// <summary>
    /// What the stand-in has and an older version lacks or has otherwise, one line each: `src/` must do without it. The
    /// first list has no such file; everything is in it.
    /// </summary>
    public string DifferencesPath(string[] list) => Path.ChangeExtension(ClaimsPath(list), ".differences.txt");

    public bool MayDiffer(string[] list) => list != Lists[0];

    public IReadOnlyList<string> Differences(string[] list) => MayDiffer(list) && File.Exists(DifferencesPath(list)) ? File.ReadAllLines(DifferencesPath(list)) : [];

    /// <summary>The lines of <see cref="ClaimsPath"/>; none where nothing has been claimed yet.</summary>
    public IReadOnlyList<string> ClaimedLines(string[] list) => File.Exists(ClaimsPath(list)) ? File.ReadAllLines(ClaimsPath(list)) : [];

    public SignatureList Claims(string[] list) => new($"the claims ({Path.GetFileName(ClaimsPath(list))})", ClaimedLines(list));

    public static SignatureList Real(string[] list) =>
        new(string.Join(" and ", list.Select(f => f + ".txt")), list.SelectMany(f => File.ReadLines(Path.Combine(Repository.RealLists, f + ".txt"))));

    public IReadOnlyList<Signature> Print() => SignaturePrinter.Print(Assembly.Load(AssemblyName));
}
