using System.Reflection;

namespace Orleans.Serialization.Objects;

/// <summary>A member that travels.</summary>
/// <param name="Owner">The type that declares it.</param>
/// <param name="Id">Its number.</param>
/// <param name="FromConstructor">Whether the number is a place in the primary constructor: those are counted apart.</param>
/// <param name="Member">The field, or the property where there is no backing field.</param>
/// <param name="IsImmutable">Whether it is marked as never changed.</param>
internal sealed record MemberModel(Type Owner, uint Id, bool FromConstructor, MemberInfo Member, bool IsImmutable)
{
    public Type ValueType => Member is FieldInfo stored ? stored.FieldType : ((PropertyInfo)Member).PropertyType;

    /// <summary>The number on the wire, which keeps both ways of counting apart.</summary>
    public ulong WireId => ((ulong)Id << 1) | (FromConstructor ? 1UL : 0);

    public string Name => TypeModel.DisplayName(Member);
}

/// <summary>The members that one class of an inheritance chain declares; each has ids of its own.</summary>
internal sealed record TypeLevel(Type Type, MemberModel[] Members);
