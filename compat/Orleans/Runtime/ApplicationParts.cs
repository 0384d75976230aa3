using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Orleans.Runtime;

/// <summary>
/// The assemblies that were built against this one: where grains, their interfaces and messages are. Those beside the application
/// count even if nothing has loaded them yet, since a host may use a grain assembly through its interfaces only.
/// </summary>
internal static class ApplicationParts
{
    private static readonly string OwnName = typeof(ApplicationParts).Assembly.GetName().Name!;
    private static readonly Lock Sync = new();
    private static (int AssembliesLoaded, Type[] Types) _known;
    private static bool _neighboursLoaded;

    /// <summary>All types of the parts. What was loaded since the last look is found by the next one.</summary>
    public static IReadOnlyList<Type> Types
    {
        get
        {
            lock (Sync)
            {
                if (!_neighboursLoaded) LoadNeighbours();
                _neighboursLoaded = true;
                var loaded = AppDomain.CurrentDomain.GetAssemblies();
                if (_known.AssembliesLoaded != loaded.Length) _known = (loaded.Length, [.. loaded.Where(IsPart).SelectMany(TypesOf)]);
                return _known.Types;
            }
        }
    }

    private static bool IsPart(Assembly assembly) => !assembly.IsDynamic
        && (assembly == typeof(ApplicationParts).Assembly || assembly.GetReferencedAssemblies().Any(reference => reference.Name == OwnName));

    /// <summary>What is private to another type is that type's own business.</summary>
    private static bool IsReachable(Type type) => !type.IsNestedPrivate && (type.DeclaringType is null || IsReachable(type.DeclaringType));

    private static IEnumerable<Type> TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes().Where(IsReachable);
        }
        catch (ReflectionTypeLoadException exception)
        {
            throw new OrleansConfigurationException(
                $"{assembly.GetName().Name} cannot be searched for grains, since some of its types do not load: {exception.LoaderExceptions[0]?.Message}", exception);
        }
    }

    private static void LoadNeighbours()
    {
        var trusted = (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string)?.Split(Path.PathSeparator) ?? [];
        foreach (var path in trusted)
        {
            if (path.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal) && References(path))
            {
                Assembly.Load(AssemblyName.GetAssemblyName(path));
            }
        }
    }

    private static bool References(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        if (!file.HasMetadata) return false;
        var metadata = file.GetMetadataReader();
        return metadata.AssemblyReferences.Any(handle => metadata.StringComparer.Equals(metadata.GetAssemblyReference(handle).Name, OwnName));
    }
}
