namespace VaeCluster.Silo.Configuration;

/// <summary>Marks a property as a setting that people can give, and says what it is.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SiloSettingAttribute : Attribute
{
    public SiloSettingAttribute(string description) => Description = description;

    public string Description { get; }
}
