namespace VaeCluster.Contracts.Extensions;

/// <summary>
/// What an assembly of extensions has, once: a public class with a public constructor without parameters. A silo that names the assembly in
/// <c>--extensions</c> creates it at start, before any run. docs/extensions.md has a complete example.
/// </summary>
public interface IVaeClusterExtension
{
    /// <summary>Adds the extension's models, objectives and data sources.</summary>
    /// <param name="registrar">Where they are added.</param>
    void Register(ExtensionRegistrar registrar);
}
