namespace VaeCluster.Benchmarks.Results;

/// <summary>Every measurement of every figure by round, and why those that are missing could not be made.</summary>
internal sealed class FigureLog
{
    private readonly Dictionary<string, SortedDictionary<int, Measurement>> _measurements = [];
    private readonly Dictionary<string, string> _failures = [];

    /// <summary>The figures that were measured at least once.</summary>
    public IReadOnlyDictionary<string, SortedDictionary<int, Measurement>> Measurements => _measurements;

    /// <summary>The last failure of each figure that has one.</summary>
    public IReadOnlyDictionary<string, string> Failures => _failures;

    /// <summary>Takes a measurement.</summary>
    public void Add(string figure, int round, Measurement measurement)
    {
        if (!_measurements.TryGetValue(figure, out var rounds))
            _measurements.Add(figure, rounds = []);
        rounds[round] = measurement;
    }

    /// <summary>Takes the reason why a figure could not be measured in a round.</summary>
    public void Fail(string figure, string reason) => _failures[figure] = reason;

    /// <summary>The measurements of a figure by round; empty where there are none.</summary>
    public IReadOnlyDictionary<int, Measurement> Of(string figure) =>
        _measurements.TryGetValue(figure, out var rounds) ? rounds : new SortedDictionary<int, Measurement>();
}
