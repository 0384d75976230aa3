using System.ComponentModel.DataAnnotations;

namespace VaeCluster.Grains.Storage;

/// <summary>Where a cluster keeps its files.</summary>
public sealed class DataDirectoryOptions
{
    /// <summary>The folder that all silos of a cluster share.</summary>
    /// <value>Default <c>vaecluster-data</c>, below the working directory.</value>
    [Required(AllowEmptyStrings = false)]
    public string Path { get; set; } = "vaecluster-data";
}
