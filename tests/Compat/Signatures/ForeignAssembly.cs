using System.Reflection;
using System.Runtime.Loader;

namespace VaeCluster.Compat.Signatures;

/// <summary>Loads an assembly from anywhere, with what lies beside it, apart from the assemblies of the tests.</summary>
internal sealed class ForeignAssembly : AssemblyLoadContext
{
    private readonly AssemblyDependencyResolver _resolver;

    private ForeignAssembly(string path) => _resolver = new AssemblyDependencyResolver(path);

    public static Assembly Load(string path) => new ForeignAssembly(path).LoadFromAssemblyPath(path);

    protected override Assembly? Load(AssemblyName assemblyName) =>
        _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
}
