using System.Reflection;
using System.Runtime.Loader;

namespace VaeCluster.Silo.Extensions;

/// <summary>
/// Where an extension's assembly is loaded. Assemblies that the silo has are shared with it, so that the extension's types are the silo's; others are taken
/// from beside the extension.
/// </summary>
internal sealed class ExtensionContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
{
    private readonly AssemblyDependencyResolver _resolver = new(path);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        try
        {
            return Default.LoadFromAssemblyName(assemblyName);
        }
        catch (FileNotFoundException)
        {
            // The silo has none of this name. Null reports that none was found at all.
            return _resolver.ResolveAssemblyToPath(assemblyName) is { } found ? LoadFromAssemblyPath(found) : null;
        }
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found ? LoadUnmanagedDllFromPath(found) : 0;
}
