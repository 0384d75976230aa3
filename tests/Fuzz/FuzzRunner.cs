using System.Diagnostics;
using CsCheck;

namespace VaeCluster.Fuzz;

/// <summary>Gives a target its cases, one after the other, and holds each to its properties: no other exception, no hang, bounded memory.</summary>
internal static class FuzzRunner
{
    /// <summary>A case that takes more processor time loops. Another target may run at the same time, so twice that is allowed.</summary>
    private static readonly TimeSpan ProcessorTimeMax = TimeSpan.FromSeconds(5);

    /// <summary>A case that takes longer is blocked; a machine that is busy with other work may pause a process for seconds.</summary>
    private static readonly TimeSpan CaseTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Bytes that one case may allocate: the inputs have a few hundred, and small content may unfold to 16 MiB.</summary>
    private const long AllocatedBytesMax = 256 << 20;

    /// <summary>Runs cases on a thread of its own, which this call watches.</summary>
    /// <returns>How many cases threw an exception that is documented.</returns>
    public static int Run(FuzzTarget target, ulong seed, int cases)
    {
        var state = new State();
        var thread = new Thread(() => RunAll(target, seed, cases, state)) { IsBackground = true, Name = target.Name };
        thread.Start();
        var (seen, since, used) = (-1, Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        while (!thread.Join(TimeSpan.FromMilliseconds(250)))
        {
            var current = Volatile.Read(ref state.Case);
            if (current != seen)
                (seen, since, used) = (current, Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            else if (Environment.CpuUsage.TotalTime - used > 2 * ProcessorTimeMax || Stopwatch.GetElapsedTime(since) > CaseTimeout)
                Assert.Fail($"{Describe(target, seed, current)} did not end in time.");
        }
        Assert.True(state.Failure is null, state.Failure);
        return state.Refused;
    }

    /// <summary>The case of a number: enough to make it again.</summary>
    public static byte[] CaseOf(FuzzTarget target, ulong seed, int number) => target.Make(new PCG((uint)number, seed));

    private static void RunAll(FuzzTarget target, ulong seed, int cases, State state)
    {
        for (var number = 0; number < cases && state.Failure is null; number++)
        {
            Volatile.Write(ref state.Case, number);
            RunOne(target, seed, number, state);
        }
    }

    private static void RunOne(FuzzTarget target, ulong seed, int number, State state)
    {
        var content = CaseOf(target, seed, number);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Run(content);
        }
        catch (Exception e) when (target.IsDocumented(e))
        {
            state.Refused++;
        }
        catch (Exception e)
        {
            // The property that fails most: whatever else it throws is the finding.
            state.Failure = $"{Describe(target, seed, number)} threw {e}\n{Convert.ToBase64String(content)}";
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > AllocatedBytesMax)
            state.Failure ??= $"{Describe(target, seed, number)} allocated {allocated} bytes.\n{Convert.ToBase64String(content)}";
    }

    private static string Describe(FuzzTarget target, ulong seed, int number) => $"Case {number} of {target.Name} with seed {seed}";

    private sealed class State
    {
        public int Case;

        public int Refused { get; set; }

        public string? Failure { get; set; }
    }
}
