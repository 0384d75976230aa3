using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace VaeCluster.Silo.Configuration;

/// <summary>One setting: a property of <see cref="SiloSettings"/> with its three spellings.</summary>
internal sealed class SiloSetting(PropertyInfo property)
{
    /// <summary>What the environment variables of the product begin with.</summary>
    public const string VariablePrefix = "VAECLUSTER_";

    /// <summary>Every setting: the properties that have a description, in the order of the help.</summary>
    public static IReadOnlyList<SiloSetting> All { get; } =
    [
        .. typeof(SiloSettings).GetProperties()
            .Where(property => property.IsDefined(typeof(DescriptionAttribute)))
            .Select(property => new SiloSetting(property)),
    ];

    /// <summary>Name of the property, and key in the file, where case does not matter.</summary>
    public string Name { get; } = property.Name;

    public string Flag { get; } = "--" + JsonNamingPolicy.KebabCaseLower.ConvertName(property.Name);

    public string Variable { get; } = VariablePrefix + JsonNamingPolicy.SnakeCaseUpper.ConvertName(property.Name);

    public string Description { get; } = property.GetCustomAttribute<DescriptionAttribute>()!.Description;

    /// <summary>The default as one would write it; null when it depends on other settings.</summary>
    public string? Default => Convert.ToString(ValueOf(new SiloSettings()), CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null;

    /// <summary>The setting of this name, in any case; null when there is none.</summary>
    public static SiloSetting? Find(string name) => All.FirstOrDefault(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public object? ValueOf(SiloSettings settings) => property.GetValue(settings);

    /// <summary>Sets the property from text; false when the text is not a value of its type.</summary>
    public bool TryBind(SiloSettings settings, string text)
    {
        try
        {
            new ConfigurationBuilder().AddInMemoryCollection([new(Name, text)]).Build().Bind(settings, binder => binder.ErrorOnUnknownConfiguration = true);
            return true;
        }
        catch (InvalidOperationException)
        {
            // The caller says it in words of the product; the binder's sentence names types of the program.
            return false;
        }
    }
}
