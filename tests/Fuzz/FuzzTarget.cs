using CsCheck;
using VaeCluster.Tests.Support;

namespace VaeCluster.Fuzz;

/// <summary>A reader of something that strangers write.</summary>
/// <param name="name">Its name, in reports.</param>
/// <param name="share">Its part of all cases.</param>
internal abstract class FuzzTarget(string name, double share) : IDisposable
{
    public string Name { get; } = name;

    public double Share { get; } = share;

    /// <summary>Makes the case of a generator, so that <see cref="Run"/> can be given the same one again.</summary>
    public abstract byte[] Make(PCG random);

    /// <summary>Reads a case. What it throws besides <see cref="IsDocumented"/> is a failure.</summary>
    public abstract void Run(byte[] content);

    /// <summary>Whether the reader's documentation names an exception.</summary>
    public abstract bool IsDocumented(Exception e);

    /// <summary>Removes the target's folder.</summary>
    public void Dispose() => Folder.Dispose();

    /// <summary>Where the target's files are.</summary>
    protected TemporaryFolder Folder { get; } = new();
}
