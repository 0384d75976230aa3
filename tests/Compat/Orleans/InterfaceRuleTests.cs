using Orleans.Runtime.Metadata;
using Orleans.Runtime.References;

namespace VaeCluster.Tests.OrleansCompat;

/// <summary>Interfaces and classes that no silo starts with.</summary>
public sealed class InterfaceRuleTests
{
    [Fact]
    public void MethodWithoutTask_IsRefused() => AssertRefused<INoTask>(
        $"{typeof(INoTask).FullName}.Get returns System.Int32; a method of a grain interface must return Task, Task<T>, ValueTask or ValueTask<T>. (void is for observers.)");

    [Fact]
    public void Void_IsForObservers()
    {
        AssertRefused<IVoid>($"{typeof(IVoid).FullName}.Do returns System.Void; a method of a grain interface must return Task, Task<T>, ValueTask or ValueTask<T>. (void is for observers.)");
        Assert.Single(GrainInterface.Get(typeof(IVoidObserver)).Methods);
    }

    [Fact]
    public void RefParameter_IsRefused() => AssertRefused<IRef>(
        $"{typeof(IRef).FullName}.Do has the ref, in or out parameter 'value'; arguments are copies, so return the value in place of it.");

    [Fact]
    public void GenericMethod_IsRefused() => AssertRefused<IGenericMethod>(
        $"{typeof(IGenericMethod).FullName}.Do is generic, which methods of grain interfaces here cannot be; declare one method for each type.");

    [Fact]
    public void TwoTokens_AreRefused() => AssertRefused<ITwoTokens>(
        $"{typeof(ITwoTokens).FullName}.Do has more than one CancellationToken; a call can be cancelled in one way only.");

    [Fact]
    public void Property_IsRefused() => AssertRefused<IProperty>(
        $"{typeof(IProperty).FullName}.Count is a property; a call to a grain takes time and may fail, so it must be a method that returns a task.");

    [Fact]
    public void EightParameters_AreRefused() => AssertRefused<IEight>(
        $"{typeof(IEight).FullName}.Do has more than 7 parameters, which is the limit here; put them into a message type.");

    [Fact]
    public void SevenParametersAndAToken_AreTaken() => Assert.Single(GrainInterface.Get(typeof(ISeven)).Methods);

    [Fact]
    public void UnmarkedMessage_IsRefusedWithTheMethodThatNeedsIt()
    {
        var exception = Assert.Throws<OrleansConfigurationException>(() => GrainInterface.Get(typeof(IUnmarked)).CheckPayloads([]));

        Assert.StartsWith($"{typeof(IUnmarked).FullName}.Take: {typeof(Unmarked)} cannot be sent between grains: it has no [GenerateSerializer].", exception.Message);
    }

    [Fact]
    public void TwoClassesOfOneInterface_NeedAPrefix()
    {
        GrainClassEntry[] classes = [Entry("one", "A.OneGrain"), Entry("two", "B.TwoGrain")];

        var exception = Assert.Throws<ArgumentException>(() => GrainTypeResolver.Resolve(typeof(ISeven), null, classes));

        Assert.Equal($"Unable to identify a single appropriate grain type for interface {typeof(ISeven).FullName}. Candidates: one (A.OneGrain), two (B.TwoGrain)", exception.Message);
        Assert.Equal("two", GrainTypeResolver.Resolve(typeof(ISeven), "B.", classes).ToString());
        Assert.Equal("three", GrainTypeResolver.Resolve(typeof(ISeven), null, [.. classes, Entry("three", "C.Seven")]).ToString());
    }

    [Fact]
    public void NoClass_IsRefusedWithTheFix()
    {
        var exception = Assert.Throws<ArgumentException>(() => GrainTypeResolver.Resolve(typeof(ISeven), null, []));

        Assert.Equal($"Could not find an implementation for interface {typeof(ISeven).FullName}. Is the assembly of its grain class referenced by a silo of the cluster?", exception.Message);
    }

    [Fact]
    public void TwoClassesOfOneType_AreRefused()
    {
        var exception = Assert.Throws<OrleansConfigurationException>(() => new GrainClassMap([typeof(First.SameGrain), typeof(Second.SameGrain)]));

        Assert.Equal($"{typeof(Second.SameGrain).FullName} and {typeof(First.SameGrain).FullName} are both grain type 'twins'; give one of them a [GrainType].", exception.Message);
    }

    private static void AssertRefused<T>(string message) =>
        Assert.Equal(message, Assert.Throws<OrleansConfigurationException>(() => GrainInterface.Get(typeof(T))).Message);

    private static GrainClassEntry Entry(string type, string name) => new(type, name, [typeof(ISeven).FullName!]);

    private interface INoTask : IGrainWithStringKey
    {
        int Get();
    }

    private interface IVoid : IGrainWithStringKey
    {
        void Do();
    }

    private interface IVoidObserver : IGrainObserver
    {
        void Do();
    }

    private interface IRef : IGrainWithStringKey
    {
        Task Do(in int value);
    }

    private interface IGenericMethod : IGrainWithStringKey
    {
        Task Do<T>(T value);
    }

    private interface ITwoTokens : IGrainWithStringKey
    {
        Task Do(CancellationToken first, CancellationToken second);
    }

    private interface IProperty : IGrainWithStringKey
    {
        Task<int> Count { get; }
    }

    private interface IEight : IGrainWithStringKey
    {
        Task Do(int a, int b, int c, int d, int e, int f, int g, int h);
    }

    private interface ISeven : IGrainWithStringKey
    {
        Task Do(int a, int b, int c, int d, int e, int f, int g, CancellationToken token);
    }

    private interface IUnmarked : IGrainWithStringKey
    {
        Task Take(Unmarked value);
    }

    private sealed class Unmarked;

    private static class First
    {
        [GrainType("twins")]
        internal sealed class SameGrain : Grain, IGrainWithStringKey;
    }

    private static class Second
    {
        [GrainType("twins")]
        internal sealed class SameGrain : Grain, IGrainWithStringKey;
    }
}
