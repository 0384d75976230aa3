using Mono.Cecil;

namespace VaeCluster.Architecture.Tests;

/// <summary>The product's assemblies, as they are compiled, from the folder of this one.</summary>
internal static class ProductAssemblies
{
    public static ModuleDefinition Grains => Read("VaeCluster.Grains.dll");

    public static ModuleDefinition Silo => Read("vaesilo.dll");

    public static ModuleDefinition Tests => Read("VaeCluster.Architecture.Tests.dll");

    /// <summary>The file names of all of them.</summary>
    public static IReadOnlyList<string> Names =>
    [
        .. Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
            .Select(path => Path.GetFileName(path))
            .Where(name => name.StartsWith("VaeCluster.", StringComparison.Ordinal) || name is "vaesilo.dll" or "vaectl.dll")
            .Where(name => !name.Contains(".Tests.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    public static ModuleDefinition Read(string name)
    {
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));
        var parameters = new ReaderParameters { AssemblyResolver = resolver, ReadSymbols = true };
        return ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, name), parameters);
    }
}
