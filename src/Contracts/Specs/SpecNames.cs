using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VaeCluster.Contracts.Specs;

/// <summary>The names that choices have in a spec's text.</summary>
public static class SpecNames
{
    /// <summary>The name of a choice, e.g. <c>iwae-mlp</c>.</summary>
    public static string Of(Enum choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        var member = choice.GetType().GetField(choice.ToString())!;
        return member.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
            ?? JsonNamingPolicy.KebabCaseLower.ConvertName(member.Name);
    }
}
