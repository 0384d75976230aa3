using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace VaeCluster.Silo.Configuration;

/// <summary>One setting: a property of <see cref="SiloSettings"/> with its three spellings.</summary>
internal sealed class SiloSetting
{
    private readonly PropertyInfo _property;

    private SiloSetting(PropertyInfo property)
    {
        _property = property;
        Description = property.GetCustomAttribute<SiloSettingAttribute>()!.Description;
        Flag = "--" + JsonNamingPolicy.KebabCaseLower.ConvertName(property.Name);
        Variable = "VAECLUSTER_" + JsonNamingPolicy.SnakeCaseUpper.ConvertName(property.Name);
        Key = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
    }

    public static IReadOnlyList<SiloSetting> All { get; } =
        [.. typeof(SiloSettings).GetProperties().Where(property => property.IsDefined(typeof(SiloSettingAttribute))).Select(property => new SiloSetting(property))];

    public string Flag { get; }

    public string Variable { get; }

    public string Key { get; }

    public string Description { get; }

    /// <summary>The default as one would write it; null when it depends on others.</summary>
    public string? Default => Convert.ToString(_property.GetValue(new SiloSettings()), CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null;

    /// <summary>Sets the property from text; returns a fault when the text does not fit.</summary>
    public string? Apply(SiloSettings options, string text, string source)
    {
        if (_property.PropertyType == typeof(string))
        {
            _property.SetValue(options, text);
            return null;
        }
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return $"{source} is '{text}'; it must be a whole number.";
        _property.SetValue(options, number);
        return null;
    }
}
