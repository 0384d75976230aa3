using System.Collections.Immutable;

namespace VaeCluster.Grains.Ledger;

/// <summary>Collects what an audit finds: enough to see what happened, and not a line for each of a million steps.</summary>
internal sealed class LedgerFindings
{
    /// <summary>Findings that are kept.</summary>
    public const int KeptMax = 100;

    private readonly List<LedgerFinding> _kept = [];

    /// <summary>Findings beyond those that are kept.</summary>
    public long LeftOut { get; private set; }

    public ImmutableArray<LedgerFinding> Kept => [.. _kept];

    public void Add(long line, long step, string what, string found, string expected)
    {
        if (_kept.Count < KeptMax)
            _kept.Add(new(line, step, what, found, expected));
        else
            LeftOut++;
    }

    /// <summary>Adds a finding unless both are equal.</summary>
    public void Compare<T>(long line, long step, string what, T found, T expected)
    {
        if (!EqualityComparer<T>.Default.Equals(found, expected))
            Add(line, step, what, $"{found}", $"{expected}");
    }
}
