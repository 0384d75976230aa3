namespace VaeCluster.EndToEnd.Exactness;

/// <summary>How trainers are divided among processes: as evenly as can be, the first processes one more.</summary>
/// <param name="Trainers">Trainers of the run, one a device.</param>
/// <param name="Processes">Silo processes; each has at least one trainer.</param>
public sealed record Division(int Trainers, int Processes)
{
    /// <summary>Every division of 1 to 4 trainers among 1 to 3 processes.</summary>
    public static IEnumerable<Division> All { get; } =
        from trainers in Enumerable.Range(1, 4)
        from processes in Enumerable.Range(1, Math.Min(trainers, 3))
        select new Division(trainers, processes);

    /// <summary>The trainers of each process.</summary>
    public IEnumerable<int> TrainersOfProcesses =>
        Enumerable.Range(0, Processes).Select(process => (Trainers / Processes) + (process < Trainers % Processes ? 1 : 0));

    /// <inheritdoc/>
    public override string ToString() => $"{Trainers} in {Processes}";
}
