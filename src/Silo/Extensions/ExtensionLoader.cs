using System.Reflection;
using System.Security.Cryptography;
using VaeCluster.Contracts.Extensions;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Training.Objectives;

namespace VaeCluster.Silo.Extensions;

/// <summary>Loads the assemblies that <c>--extensions</c> names, and registers what they have. Once for a process, before any run is read.</summary>
internal static class ExtensionLoader
{
    private const string Setting = "--extensions";

    /// <summary>Loads extensions.</summary>
    /// <param name="setting">Paths of assemblies, separated by commas; null for none.</param>
    /// <exception cref="ExtensionLoadException">Some cannot be used: the message has one sentence a line.</exception>
    public static ExtensionList Load(string? setting)
    {
        var (loaded, errors) = (new List<LoadedExtension>(), new List<string>());
        foreach (var path in (setting ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                loaded.Add(LoadOne(path));
            }
            catch (ExtensionLoadException e)
            {
                errors.Add(e.Message);
            }
        }
        return errors.Count == 0 ? new ExtensionList([.. loaded]) : throw new ExtensionLoadException(string.Join('\n', errors));
    }

    private static LoadedExtension LoadOne(string path)
    {
        var fullPath = Path.GetFullPath(path);
        if (!File.Exists(fullPath))
            throw new ExtensionLoadException($"{Setting} names {path}, and no such file exists ({fullPath}). Give the path of an extension's assembly.");
        var (assembly, types) = Read(path, fullPath);
        if (types.Count == 0)
            throw new ExtensionLoadException(
                $"{Setting} names {path}, and no public class of it implements {nameof(IVaeClusterExtension)} with a public constructor "
                    + "without parameters. Add one that registers what the assembly has, or leave the assembly out.");
        var kinds = types.SelectMany(type => Register(path, type)).ToList();
        var name = assembly.GetName();
        var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(fullPath)));
        return new($"{name.Name} {name.Version} (SHA-256 {hash[..16]})", kinds);
    }

    private static (Assembly Assembly, List<Type> Types) Read(string path, string fullPath)
    {
        try
        {
            var assembly = new ExtensionContext(fullPath).LoadFromAssemblyPath(fullPath);
            return (assembly, [.. assembly.GetExportedTypes().Where(IsExtension)]);
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException or FileNotFoundException or TypeLoadException or InvalidOperationException)
        {
            throw new ExtensionLoadException(
                $"{Setting} names {path}, which cannot be loaded: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}. It must be an assembly "
                    + $"that was built against VaeCluster {ProductVersion.Text}, with the assemblies that it needs beside it.",
                e);
        }
    }

    private static bool IsExtension(Type type) =>
        type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IVaeClusterExtension)) && type.GetConstructor(Type.EmptyTypes) is not null;

    /// <summary>Has an extension register its kinds.</summary>
    /// <param name="path">Its assembly, as the setting names it.</param>
    /// <param name="type">The extension.</param>
    /// <exception cref="ExtensionLoadException">It threw, or a kind cannot be used.</exception>
    internal static IReadOnlyList<ISpecKind> Register(string path, Type type)
    {
        var registrar = new ExtensionRegistrar(CheckImplementation);
        try
        {
            ((IVaeClusterExtension)Activator.CreateInstance(type)!).Register(registrar);
            return registrar.Added;
        }
        catch (Exception e)
        {
            // Code of another assembly: whatever it throws, the silo cannot offer what the setting promises.
            var cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
            throw new ExtensionLoadException($"{Setting} names {path}, and its {type.FullName} cannot be registered: {WithoutParameter(cause)}", e);
        }
    }

    /// <summary>What the compiler cannot ask of a kind, because it is described where neither tensors nor files are known.</summary>
    private static void CheckImplementation(ISpecKind kind)
    {
        var missing = kind switch
        {
            ObjectiveKind and not IObjectiveFactory => nameof(IObjectiveFactory),
            DataSourceKind and not IDataSource => nameof(IDataSource),
            _ => null,
        };
        if (missing is not null)
            throw new ExtensionLoadException(
                $"{kind.GetType().FullName} ('{kind.Name}') does not implement {missing}, which says what it does. Implement it in that class.");
    }

    /// <summary>An argument's exception names the parameter too, which is not of interest to whoever starts a silo.</summary>
    private static string WithoutParameter(Exception e) => e is ArgumentException { ParamName: { } name }
        ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
        : e.Message;
}
