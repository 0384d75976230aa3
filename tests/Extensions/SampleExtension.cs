using VaeCluster.Contracts.Extensions;

namespace VaeCluster.Extensions.Sample;

/// <summary>Registers what this assembly has: one line each.</summary>
public sealed class SampleExtension : IVaeClusterExtension
{
    /// <inheritdoc/>
    public void Register(ExtensionRegistrar registrar)
    {
        ArgumentNullException.ThrowIfNull(registrar);
        registrar.Add(new StridedModel());
        registrar.Add(new LaplaceObjective());
        registrar.Add(new CheckersSource());
    }
}
