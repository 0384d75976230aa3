using VaeCluster.Contracts.Architectures;
using VaeCluster.Contracts.Extensions;
using VaeCluster.Contracts.Specs;
using VaeCluster.Silo.Extensions;

namespace VaeCluster.Silo.Tests.Extensions;

/// <summary>What keeps an extension from being loaded. Loading one that is valid is tested in processes of their own.</summary>
public sealed class ExtensionLoaderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("extensions-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Load_OfNothing_IsEmpty(string? setting) => Assert.Empty(ExtensionLoader.Load(setting).Extensions);

    [Fact]
    public void Load_OfMissingFiles_NamesEach()
    {
        var e = Assert.Throws<ExtensionLoadException>(() => ExtensionLoader.Load("a.dll, b.dll"));

        Assert.Equal(
            [
                $"--extensions names a.dll, and no such file exists ({Path.GetFullPath("a.dll")}). Give the path of an extension's assembly.",
                $"--extensions names b.dll, and no such file exists ({Path.GetFullPath("b.dll")}). Give the path of an extension's assembly.",
            ],
            e.Message.Split('\n'));
    }

    [Fact]
    public void Load_OfAFileThatIsNoAssembly_SaysWhatItMustBe()
    {
        var path = Path.Combine(_folder.FullName, "text.dll");
        File.WriteAllText(path, "no assembly");

        var e = Assert.Throws<ExtensionLoadException>(() => ExtensionLoader.Load(path));

        Assert.StartsWith($"--extensions names {path}, which cannot be loaded: ", e.Message, StringComparison.Ordinal);
        Assert.EndsWith(". It must be an assembly that was built against VaeCluster 0.1.0, with the assemblies that it needs beside it.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfAnAssemblyWithoutAnExtension_SaysWhatToAdd()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "VaeCluster.Plots.dll");

        var e = Assert.Throws<ExtensionLoadException>(() => ExtensionLoader.Load(path));

        Assert.Equal(
            $"--extensions names {path}, and no public class of it implements IVaeClusterExtension with a public constructor without parameters. Add one that registers what the assembly has, or leave the assembly out.",
            e.Message);
    }

    [Theory]
    [InlineData("mlp", "The model VaeCluster.Silo.Tests.Extensions.ExtensionLoaderTests+NamedModel is named 'mlp', and so is VaeCluster.Contracts.Specs.Models.FullyConnectedModel; a name is given once. Rename one of them, or load only one.")]
    [InlineData("My Model", "The model VaeCluster.Silo.Tests.Extensions.ExtensionLoaderTests+NamedModel is named 'My Model'; a name has 1 to 40 lower-case letters, digits and dashes, with a letter or digit at both ends. Give it such a name.")]
    public void Registrar_WithANameThatCannotBeGiven_RefusesIt(string name, string expected)
    {
        var registrar = new ExtensionRegistrar(_ => { });

        var e = Assert.Throws<ArgumentException>(() => registrar.Add(new NamedModel(name)));

        Assert.Equal($"{expected} (Parameter 'kind')", e.Message);
        Assert.Empty(registrar.Added);
    }

    [Theory]
    [InlineData(typeof(WithDuplicate), "The model VaeCluster.Silo.Tests.Extensions.ExtensionLoaderTests+NamedModel is named 'vq', and so is VaeCluster.Contracts.Specs.Models.VqModel; a name is given once. Rename one of them, or load only one.")]
    [InlineData(typeof(WithBareObjective), "VaeCluster.Silo.Tests.Extensions.ExtensionLoaderTests+BareObjective ('bare') does not implement IObjectiveFactory, which says what it does. Implement it in that class.")]
    [InlineData(typeof(WithBareSource), "VaeCluster.Silo.Tests.Extensions.ExtensionLoaderTests+BareSource ('bare') does not implement IDataSource, which says what it does. Implement it in that class.")]
    [InlineData(typeof(Throwing), "The licence is missing.")]
    public void Register_OfAnExtensionThatCannotBe_SaysWhy_AndAddsNothing(Type extension, string expected)
    {
        var before = (SpecKinds.Models.Names, SpecKinds.Objectives.Names, SpecKinds.Sources.Names);

        var e = Assert.Throws<ExtensionLoadException>(() => ExtensionLoader.Register("x.dll", extension));

        Assert.Equal($"--extensions names x.dll, and its {extension.FullName} cannot be registered: {expected}", e.Message);
        Assert.Equal(before, (SpecKinds.Models.Names, SpecKinds.Objectives.Names, SpecKinds.Sources.Names));
    }

    internal sealed class NamedModel(string name) : ModelKind
    {
        public override string Name => name;

        public override ModelGraph Describe(ModelSpec model, ExampleShape shape) => new([], ModelGraph.Posterior, []);
    }

    internal sealed class BareObjective : ObjectiveKind
    {
        public override string Name => "bare";

        public override string Formula(RunSpec spec) => "nothing";
    }

    internal sealed class BareSource : DataSourceKind
    {
        public override string Name => "bare";
    }

    internal sealed class WithDuplicate : IVaeClusterExtension
    {
        public void Register(ExtensionRegistrar registrar) => registrar.Add(new NamedModel("vq"));
    }

    internal sealed class WithBareObjective : IVaeClusterExtension
    {
        public void Register(ExtensionRegistrar registrar) => registrar.Add(new BareObjective());
    }

    internal sealed class WithBareSource : IVaeClusterExtension
    {
        public void Register(ExtensionRegistrar registrar) => registrar.Add(new BareSource());
    }

    internal sealed class Throwing : IVaeClusterExtension
    {
        public void Register(ExtensionRegistrar registrar) => throw new InvalidOperationException("The licence is missing.");
    }
}
