using Orleans.Runtime.References;

namespace Orleans.Runtime.Metadata;

/// <summary>Finds the grain class that an interface stands for, among those of the whole cluster.</summary>
internal static class GrainTypeResolver
{
    /// <exception cref="ArgumentException">No class, or more than one, answers to the interface.</exception>
    public static GrainType Resolve(Type contract, string? prefix, IEnumerable<GrainClassEntry> classes)
    {
        var name = GrainInterface.Get(contract).Name.ToString();
        var candidates = classes.Where(entry => entry.Interfaces.Contains(name)).DistinctBy(entry => entry.GrainType).ToArray();
        var match = string.IsNullOrWhiteSpace(prefix) ? Default(contract, candidates) : ByPrefix(contract, prefix, candidates);
        return GrainType.Create(match.GrainType);
    }

    private static GrainClassEntry Default(Type contract, GrainClassEntry[] candidates)
    {
        if (candidates.Length == 0)
        {
            throw new ArgumentException(
                $"Could not find an implementation for interface {contract.FullName}. Is the assembly of its grain class referenced by a silo of the cluster?");
        }

        // IFooGrain stands for FooGrain first, whatever else implements it.
        var own = candidates.Where(entry => entry.ClassName.Split('.', '+')[^1] == contract.Name[1..]).ToArray();
        if (own.Length == 1) return own[0];
        return candidates.Length == 1 ? candidates[0] : throw new ArgumentException(
            $"Unable to identify a single appropriate grain type for interface {contract.FullName}. Candidates: {Names(candidates)}");
    }

    private static GrainClassEntry ByPrefix(Type contract, string prefix, GrainClassEntry[] candidates)
    {
        var matches = candidates.Where(entry => entry.ClassName.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
        if (matches.FirstOrDefault(entry => entry.ClassName == prefix) is { } exact) return exact;
        return matches.Length switch
        {
            1 => matches[0],
            0 => throw new ArgumentException($"Could not find an implementation matching prefix \"{prefix}\" for interface {contract.FullName}"),
            _ => throw new ArgumentException(
                $"Unable to identify a single appropriate grain type for interface {contract.FullName} with implementation prefix \"{prefix}\". Candidates: {Names(matches)}"),
        };
    }

    private static string Names(GrainClassEntry[] entries) =>
        string.Join(", ", entries.Select(entry => $"{entry.GrainType} ({entry.ClassName})"));
}
