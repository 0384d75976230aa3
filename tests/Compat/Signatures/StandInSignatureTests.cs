using System.Text;

namespace VaeCluster.Compat.Signatures;

/// <summary>
/// A stand-in offers nothing that the real package does not. See the README for how to update the claims.
/// </summary>
public sealed class StandInSignatureTests
{
    private const string UpdateVariable = "UPDATE_CLAIMS";
    private const string UpdateClaims = "1";
    private const string UpdateDifferences = "differences";
    private const string AssemblyVariable = "SIGNATURES_ASSEMBLY";

    public static TheoryData<string> StandIns => [.. StandIn.All.Select(s => s.AssemblyName)];

    [Theory]
    [MemberData(nameof(StandIns))]
    public void Signatures_OfStandIn_AreTheClaimedOnes(string assemblyName)
    {
        var standIn = StandIn.Of(assemblyName);
        var signatures = standIn.Print();
        if (Environment.GetEnvironmentVariable(UpdateVariable) is UpdateClaims or UpdateDifferences)
            Update(standIn, signatures);

        foreach (var list in standIn.Lists)
        {
            var claims = standIn.Claims(list);
            var used = Cover(standIn, list, claims, signatures);

            var stale = standIn.ClaimedLines(list).Except(used.Select(s => s.Line)).ToList();
            Assert.True(stale.Count == 0, Sentence($"{claims.Name} hold lines that the stand-in no longer needs; run with {UpdateVariable}=1:", stale));
        }
    }

    [Theory]
    [MemberData(nameof(StandIns))]
    public void Claims_OfStandIn_AreInTheRealList(string assemblyName)
    {
        Assert.SkipUnless(Repository.HasRealLists, $"The real lists are not at '{Repository.RealLists}'; the claims alone were tested.");
        var standIn = StandIn.Of(assemblyName);

        foreach (var list in standIn.Lists)
        {
            var real = StandIn.Real(list);
            var unknown = standIn.ClaimedLines(list).Where(line => Signature.Parse(line) is not { } s || !real.Contains(s)).ToList();

            Assert.True(unknown.Count == 0, Sentence($"{standIn.Claims(list).Name} hold lines that {real.Name} lacks:", unknown));
        }
    }

    [Fact]
    public void Signatures_OfAssemblyNamedByTheEnvironment_AreInTheRealLists()
    {
        var path = Environment.GetEnvironmentVariable(AssemblyVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(path), $"{AssemblyVariable} names no assembly to look at.");
        Assert.SkipUnless(Repository.HasRealLists, $"The real lists are not at '{Repository.RealLists}'.");
        var assembly = ForeignAssembly.Load(Path.GetFullPath(path));
        var standIn = StandIn.Of(assembly.GetName().Name!);

        foreach (var list in standIn.Lists)
            Cover(standIn, list, StandIn.Real(list), SignaturePrinter.Print(assembly));
    }

    private static HashSet<Signature> Cover(StandIn standIn, string[] list, SignatureList lines, IReadOnlyList<Signature> signatures)
    {
        var matcher = new SignatureMatcher(lines, standIn.NamesMayDiffer);
        var used = new HashSet<Signature>();
        var uncovered = new List<Signature>();
        foreach (var signature in signatures)
        {
            var cover = matcher.Find(signature);
            used.UnionWith(cover);
            if (cover.Count == 0)
                uncovered.Add(signature);
        }

        var differences = standIn.Differences(list).ToHashSet(StringComparer.Ordinal);
        var faults = uncovered.Where(s => !differences.Contains(s.Line)).Select(matcher.Explain).ToList();
        Assert.True(faults.Count == 0, Sentence($"{faults.Count} of {signatures.Count} signatures are not covered; make them internal or like the real ones. If they are new, see the README.", faults));
        var settled = differences.Except(uncovered.Select(s => s.Line)).ToList();
        Assert.True(settled.Count == 0, Sentence($"{Path.GetFileName(standIn.DifferencesPath(list))} holds lines that are no longer different:", settled));
        return used;
    }

    private static void Update(StandIn standIn, IReadOnlyList<Signature> signatures)
    {
        Assert.True(Repository.HasRealLists, $"{UpdateVariable} needs the real lists at '{Repository.RealLists}'.");
        Directory.CreateDirectory(Repository.Claims);
        foreach (var list in standIn.Lists)
        {
            var real = StandIn.Real(list);
            if (standIn.MayDiffer(list) && Environment.GetEnvironmentVariable(UpdateVariable) == UpdateDifferences)
            {
                var matcher = new SignatureMatcher(real, standIn.NamesMayDiffer);
                Write(standIn.DifferencesPath(list), signatures.Where(s => matcher.Find(s).Count == 0));
            }

            Write(standIn.ClaimsPath(list), Cover(standIn, list, real, signatures));
        }
    }

    private static void Write(string path, IEnumerable<Signature> signatures) =>
        File.WriteAllLines(path, signatures.Select(s => s.Line).Order(StringComparer.Ordinal), new UTF8Encoding(false));

    private static string Sentence(string what, List<string> lines) => what + "\n" + string.Join('\n', lines);
}
