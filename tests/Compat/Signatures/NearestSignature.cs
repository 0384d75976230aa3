namespace VaeCluster.Compat.Signatures;

/// <summary>Finds what the author of an unknown signature most likely meant.</summary>
internal static class NearestSignature
{
    public static Signature? In(SignatureList list, Signature unknown)
    {
        if (unknown.IsType || list.Type(unknown.Owner) is null)
            return NearestType(list, unknown);

        var members = list.Lineage(unknown.Owner).SelectMany(entry => list.Members(entry.Type.Owner)).ToList();
        var namesakes = members.Where(m => NameOf(m.Member) == NameOf(unknown.Member)).ToList();
        return (namesakes.Count > 0 ? namesakes : members).MinBy(m => Distance(m.Member, unknown.Member));
    }

    private static Signature? NearestType(SignatureList list, Signature unknown)
    {
        var name = SimpleName(unknown.Owner);
        var candidates = list.TypeNames.Where(t => SimpleName(t).Contains(name, StringComparison.OrdinalIgnoreCase)).ToList();
        return candidates.MinBy(t => Distance(t, unknown.Owner)) is { } nearest ? list.Type(nearest) : null;
    }

    private static string NameOf(string member)
    {
        var end = member.IndexOfAny([' ', '(', '<', '[']);
        return end < 0 ? member : member[..end];
    }

    private static string SimpleName(string type)
    {
        var bare = SignatureText.Generic(type).Name;
        return bare[(SignatureText.LastTopLevelDot(bare) + 1)..];
    }

    // Levenshtein's distance with two rows.
    private static int Distance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
