using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orleans.Serialization.Objects;

/// <summary>
/// Finds out which members of a type travel, by the rules of the real serializer generator, and refuses what its analyzers warn of.
/// </summary>
internal static class TypeModel
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The levels from the base class to the type itself.</summary>
    /// <exception cref="CodecNotFoundException">The type breaks a rule.</exception>
    public static TypeLevel[] Build(Type type)
    {
        var levels = new List<TypeLevel>();
        for (var level = type; level is not null && level != typeof(object) && level != typeof(ValueType) && level != typeof(Exception); level = level.BaseType)
        {
            CheckMarked(level, type);
            levels.Insert(0, new(level, Members(level)));
        }

        return [.. levels];
    }

    public static bool IsMarked(Type type) => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false);

    public static string DisplayName(MemberInfo member) =>
        member.Name.StartsWith('<') ? member.Name[1..member.Name.IndexOf('>')] : member.Name;

    private static void CheckMarked(Type level, Type type)
    {
        if (IsMarked(level)) return;
        if (type.Namespace?.Split('.')[0] is "System" or "Microsoft")
        {
            throw new CodecNotFoundException($"{type} cannot be sent between grains: it is not among the framework's types that are known here. Send an array, a list, or a type of your own.");
        }

        throw new CodecNotFoundException(level == type
            ? $"{type} cannot be sent between grains: it has no [GenerateSerializer]. Put [GenerateSerializer] on the type and [Id(n)] on each member that must travel."
            : $"{type} cannot be sent between grains: its base class {level} has no [GenerateSerializer]. Put it there too, and [Id(n)] on each member that must travel.");
    }

    private static MemberModel[] Members(Type type)
    {
        var parameters = PrimaryConstructor.ParametersOf(type);
        var members = new List<MemberModel>();
        var withoutId = new List<string>();
        foreach (var member in Candidates(type))
        {
            if (NumberOf(type, member, parameters) is var (id, fromConstructor)) members.Add(Model(type, id, fromConstructor, member));
            else if (MustHaveId(member)) withoutId.Add(DisplayName(member));
        }

        if (withoutId.Count > 0 && members.Count == 0 && GenerateIds(type)) return ByName(type);
        CheckComplete(type, withoutId);
        CheckDistinct(type, members);
        return [.. members.OrderBy(member => member.WireId)];
    }

    /// <summary>Fields and stored properties; a computed property holds nothing to send unless it is numbered.</summary>
    private static IEnumerable<MemberInfo> Candidates(Type type)
    {
        foreach (var field in type.GetFields(Declared))
        {
            if (!StaysBehind(field) && !IsBackingField(field)) yield return field;
        }

        foreach (var property in type.GetProperties(Declared))
        {
            if (property.GetIndexParameters().Length > 0 || (BackingField(property) is { } field && StaysBehind(field))) continue;
            if (BackingField(property) is not null || HasId(property)) yield return property;
        }
    }

    private static (uint Id, bool FromConstructor)? NumberOf(Type type, MemberInfo member, ParameterInfo[] parameters)
    {
        if (Id(member) is { } explicitId) return (explicitId, false);
        if (member is not PropertyInfo property) return null;
        if (BackingField(property) is { } field && Id(field) is { } fieldId) return (fieldId, false);
        var place = Array.FindIndex(parameters, parameter => PrimaryConstructor.Matches(parameter, property));
        if (place < 0) return null;
        return (parameters[place].GetCustomAttribute<IdAttribute>()?.Id ?? (uint)place, true);
    }

    private static bool MustHaveId(MemberInfo member) => member switch
    {
        FieldInfo field => field.IsPublic,
        PropertyInfo property => property.SetMethod is not null || property.GetMethod is { IsPublic: true },
        _ => false,
    };

    private static MemberModel Model(Type type, uint id, bool fromConstructor, MemberInfo member)
    {
        var immutable = member.IsDefined(typeof(ImmutableAttribute), inherit: false);
        var stored = member is PropertyInfo property ? BackingField(property) ?? member : member;
        if (stored is PropertyInfo { CanWrite: false } readOnly)
        {
            throw new CodecNotFoundException($"{type}.{readOnly.Name} has [Id({id})] but it is computed and cannot be set; give it a setter or take the [Id] away.");
        }

        return new(type, id, fromConstructor, stored, immutable || stored.IsDefined(typeof(ImmutableAttribute), inherit: false));
    }

    private static MemberModel[] ByName(Type type) =>
    [
        .. Candidates(type).OfType<PropertyInfo>()
            .Where(property => property.GetMethod is { IsPublic: true })
            .Select(property => Model(type, Runtime.StableHash.Compute32(property.Name), false, property))
            .OrderBy(member => member.WireId),
    ];

    private static void CheckComplete(Type type, List<string> withoutId)
    {
        if (withoutId.Count == 0) return;
        throw new CodecNotFoundException(
            $"{type} has [GenerateSerializer] but no [Id] on {string.Join(", ", withoutId)}: members without an [Id] would be lost on the way. "
            + "Number each member that must travel, or mark what must stay behind with [NonSerialized] ([field: NonSerialized] on a property).");
    }

    private static void CheckDistinct(Type type, List<MemberModel> members)
    {
        foreach (var clash in members.GroupBy(member => member.WireId).Where(group => group.Count() > 1))
        {
            throw new CodecNotFoundException(
                $"{type} uses [Id({clash.First().Id})] for {string.Join(" and ", clash.Select(member => member.Name))}; each member needs a number of its own.");
        }
    }

    private static bool GenerateIds(Type type) =>
        type.GetCustomAttribute<GenerateSerializerAttribute>()?.GenerateFieldIds == GenerateFieldIds.PublicProperties;

    private static uint? Id(MemberInfo member) => member.GetCustomAttribute<IdAttribute>(inherit: false)?.Id;

    private static bool HasId(MemberInfo member) => Id(member) is not null;

    private static bool StaysBehind(FieldInfo field) => field.IsDefined(typeof(NonSerializedAttribute), inherit: false);

    private static FieldInfo? BackingField(PropertyInfo property) =>
        property.DeclaringType!.GetField($"<{property.Name}>k__BackingField", Declared);

    private static bool IsBackingField(FieldInfo field) =>
        field.Name.StartsWith('<') && field.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);
}
