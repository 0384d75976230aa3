using Orleans.Serialization;

namespace VaeCluster.Tests.OrleansCompat.Serialization;

/// <summary>Types that may not travel, and why.</summary>
public sealed class TypeRuleTests
{
    [Fact]
    public void Unmarked_IsRefused() => AssertRefused<Unmarked>(
        $"{typeof(Unmarked)} cannot be sent between grains: it has no [GenerateSerializer]. Put [GenerateSerializer] on the type and [Id(n)] on each member that must travel.");

    [Fact]
    public void UnmarkedBase_IsRefused() => AssertRefused<Derived>(
        $"{typeof(Derived)} cannot be sent between grains: its base class {typeof(Unmarked)} has no [GenerateSerializer]. Put it there too, and [Id(n)] on each member that must travel.");

    [Fact]
    public void MembersWithoutId_AreRefused() => AssertRefused<Forgetful>(
        $"{typeof(Forgetful)} has [GenerateSerializer] but no [Id] on Field, Property, Private, ReadOnly: members without an [Id] would be lost on the way. "
        + "Number each member that must travel, or mark what must stay behind with [NonSerialized] ([field: NonSerialized] on a property).");

    [Fact]
    public void DuplicateIds_AreRefused() => AssertRefused<Twice>(
        $"{typeof(Twice)} uses [Id(3)] for First and Second; each member needs a number of its own.");

    [Fact]
    public void ComputedMemberWithId_IsRefused() => AssertRefused<Computed>(
        $"{typeof(Computed)}.Twelve has [Id(0)] but it is computed and cannot be set; give it a setter or take the [Id] away.");

    [Fact]
    public void MultidimensionalArray_IsRefused() => AssertRefused<int[,]>(
        "System.Int32[,] cannot be sent: arrays of more than one dimension are not supported; send a flat array and its shape.");

    [Fact]
    public void PartsAreCheckedToo()
    {
        var exception = Assert.Throws<CodecNotFoundException>(() => CodecSet.Check(typeof(List<Holder>), []));

        Assert.StartsWith($"{typeof(Unmarked)} cannot be sent between grains", exception.Message);
    }

    [Fact]
    public void OtherComparer_IsRefused()
    {
        var exception = Assert.Throws<SerializerException>(() => RoundTrip.Of(new HashSet<string>(StringComparer.InvariantCulture)));

        Assert.EndsWith("use the default comparer, StringComparer.Ordinal or StringComparer.OrdinalIgnoreCase.", exception.Message);
    }

    private static void AssertRefused<T>(string message) =>
        Assert.Equal(message, Assert.Throws<CodecNotFoundException>(() => CodecSet.Get<T>()).Message);

    private class Unmarked
    {
        public int Value { get; set; }
    }

    [GenerateSerializer]
    private sealed class Derived : Unmarked
    {
        [Id(0)]
        public int More { get; set; }
    }

    [GenerateSerializer]
    private sealed class Forgetful
    {
#pragma warning disable CS0649, CS0169, IDE0044, IDE0051, CA1823 // Fields that only the serializer looks at.
        public int Field;
        private int _cache;
#pragma warning restore CS0649, CS0169, IDE0044, IDE0051, CA1823

        [Id(0)]
        public int Numbered { get; set; }

        public int Property { get; set; }

        private int Private { get; set; }

        public int ReadOnly { get; } = 5;
    }

    [GenerateSerializer]
    private sealed class Twice
    {
        [Id(3)]
        public int First { get; set; }

        [Id(3)]
        public int Second { get; set; }
    }

    [GenerateSerializer]
    private sealed class Computed
    {
        [Id(0)]
        public int Twelve => GetHashCode();
    }

    [GenerateSerializer]
    private sealed class Holder
    {
        [Id(0)]
        public Unmarked? Inner { get; set; }
    }
}
