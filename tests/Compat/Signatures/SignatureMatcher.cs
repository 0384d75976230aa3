namespace VaeCluster.Compat.Signatures;

/// <summary>Finds the real signatures that cover one of a stand-in, or says why there are none.</summary>
/// <remarks>
/// Code that compiles against the stand-in must compile against the real package. So a stand-in may derive from
/// fewer types than the real one does, and may declare itself a member that the real one inherits.
/// </remarks>
internal sealed class SignatureMatcher(SignatureList real, bool namesMayDiffer)
{
    /// <summary>The real lines that cover the signature; empty when nothing does.</summary>
    public IReadOnlyList<Signature> Find(Signature signature) =>
        signature.IsType ? FindType(signature) : FindMember(signature);

    public string Explain(Signature signature)
    {
        var nearest = NearestSignature.In(real, signature);
        return $"  {signature.Line}\n    is not in {real.Name}; " +
            (nearest is null ? "nothing there has a similar name." : $"the nearest is\n  {nearest.Line}");
    }

    private List<Signature> FindType(Signature type)
    {
        if (real.Type(type.Owner) is not { } own || !KindsAgree(type.Kind, own.Kind))
            return [];

        var used = new List<Signature> { own };
        foreach (var parent in type.Bases ?? [])
        {
            if (LineTo(own, parent) is not { } line)
                return [];
            used.AddRange(line);
        }

        return used;
    }

    // The types on the way from one to a base of it, that claims need to hold to repeat the search.
    private List<Signature>? LineTo(Signature own, string parent)
    {
        var line = new List<Signature>();
        foreach (var (type, arguments) in real.Lineage(own.Owner))
        {
            line.Add(type);
            if ((type.Bases ?? []).Any(b => SignatureText.Substitute(b, arguments) == parent))
                return line;
        }

        return null;
    }

    private List<Signature> FindMember(Signature member)
    {
        var line = new List<Signature>();
        var wanted = Normal(member.Member, isInherited: false);
        foreach (var (type, arguments) in real.Lineage(member.Owner))
        {
            var isInherited = line.Count > 0;
            line.Add(type);
            var found = real.Members(type.Owner).FirstOrDefault(
                candidate => Normal(SignatureText.Substitute(candidate.Member, arguments), isInherited) == wanted);
            if (found is not null)
                return [.. line, found];
        }

        return [];
    }

    private string Normal(string member, bool isInherited)
    {
        // What overrides an abstract member is printed as virtual.
        if (isInherited && member.EndsWith(" abstract", StringComparison.Ordinal))
            member = member[..^"abstract".Length] + "virtual";
        return namesMayDiffer ? SignatureText.WithoutParameterNames(member) : member;
    }

    // The two TorchSharp lists disagree on what is sealed; then the stricter one satisfies both.
    private bool KindsAgree(string standIn, string real) =>
        standIn == real || (namesMayDiffer && standIn == "sealed class" && real == "class");
}
