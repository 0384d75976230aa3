namespace VaeCluster.Client;

/// <summary>What <c>vaectl</c> exits with.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The run that was watched Failed or was Cancelled, an audit found something, or a call failed in a way that has no code of its own.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the spec has an error.</summary>
    public const int Usage = 2;

    /// <summary>There is no such run or file.</summary>
    public const int NotFound = 3;

    /// <summary>No silo answers.</summary>
    public const int Unavailable = 4;

    /// <summary>Interrupted with Ctrl-C.</summary>
    public const int Interrupted = 130;
}
