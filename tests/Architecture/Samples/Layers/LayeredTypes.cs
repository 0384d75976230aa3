using VaeCluster.Architecture.Tests.Samples.Layers.Upper;

namespace VaeCluster.Architecture.Tests.Samples.Layers.Lower
{
    public sealed record LowerMessage(int Value);
}

namespace VaeCluster.Architecture.Tests.Samples.Layers.Upper
{
    /// <summary>Sees what is below it: allowed.</summary>
    public sealed class UpperReader
    {
        public int Read(Lower.LowerMessage message) => message.Value;
    }

    [AttributeUsage(AttributeTargets.All)]
    public sealed class UpperMarkAttribute : Attribute;

    public static class UpperTools
    {
        public static int Count<T>() => typeof(T).Name.Length;
    }
}

namespace VaeCluster.Architecture.Tests.Samples.Layers.Pointing
{
    /// <summary>Each type sees the folder above by another way.</summary>
    public sealed class ByField
    {
        private readonly List<UpperReader[]> _readers = [];

        public int Count => _readers.Count;
    }

    [UpperMark]
    public sealed class ByMark;

    public sealed class ByLambda
    {
        public Func<int> Counter() => static () => UpperTools.Count<int>();
    }

    public sealed class ByTypeArgument
    {
        public static int Count() => Enumerable.Empty<UpperReader>().Count();
    }

    public sealed class ByNestedType
    {
        public sealed class Inner : List<UpperReader>;
    }
}

namespace VaeCluster.Architecture.Tests.Samples.Circle.First
{
    public sealed class FirstType(Second.SecondType next)
    {
        public Second.SecondType Next => next;
    }
}

namespace VaeCluster.Architecture.Tests.Samples.Circle.Second
{
    public sealed class SecondType(Third.ThirdType? next)
    {
        public Third.ThirdType? Next => next;
    }
}

namespace VaeCluster.Architecture.Tests.Samples.Circle.Third
{
    public sealed class ThirdType
    {
        public static First.FirstType Close() => new(new(new()));
    }

    /// <summary>Sees a folder that sees nothing of the circle.</summary>
    public sealed class Outsider(Aside.AsideType aside)
    {
        public Aside.AsideType Aside => aside;
    }
}

namespace VaeCluster.Architecture.Tests.Samples.Circle.Aside
{
    public sealed class AsideType;
}
