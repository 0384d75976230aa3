using System.Diagnostics.CodeAnalysis;

namespace VaeCluster.Contracts.Runs;

/// <summary>Why a run does not do what it was asked to.</summary>
public enum RunRefusal
{
    /// <summary>It does.</summary>
    None,

    /// <summary>There is no run with this id.</summary>
    NotFound,

    /// <summary>Its phase does not allow it.</summary>
    NotAllowed,
}

/// <summary>
/// What a run answers to a request. A refusal travels as data, because an exception that crosses silos keeps its type only where both sides know it.
/// </summary>
[GenerateSerializer, Immutable, Alias("vaecluster.RunAnswer")]
public sealed record RunAnswer
{
    /// <summary>The run after the request; null when it was refused.</summary>
    [Id(0)] public RunSnapshot? Run { get; init; }

    /// <summary>Why it was refused.</summary>
    [Id(1)] public RunRefusal Refusal { get; init; }

    /// <summary>The sentence for whoever asked; empty when it was not refused.</summary>
    [Id(2)] public string Message { get; init; } = "";

    /// <summary>Whether the request was carried out.</summary>
    [MemberNotNullWhen(true, nameof(Run))]
    public bool IsAccepted => Refusal == RunRefusal.None;

    /// <summary>The request was carried out.</summary>
    public static RunAnswer Accept(RunSnapshot run) => new() { Run = run };

    /// <summary>There is no such run.</summary>
    public static RunAnswer NotFound(string runId) => new() { Refusal = RunRefusal.NotFound, Message = NotFoundMessage(runId) };

    /// <summary>The phase of the run does not allow it.</summary>
    public static RunAnswer NotAllowed(string message) => new() { Refusal = RunRefusal.NotAllowed, Message = message };

    /// <summary>The sentence for a run id that no run has.</summary>
    public static string NotFoundMessage(string runId) => $"Run '{runId}' does not exist. `vaectl list` lists the runs.";
}
