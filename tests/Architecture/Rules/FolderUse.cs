using Mono.Cecil;

namespace VaeCluster.Architecture.Tests.Rules;

/// <summary>A type of one folder of a project that names a type of another folder.</summary>
/// <param name="User">Full name of the type that names the other.</param>
/// <param name="UserFolder">Its folder: what follows the project's namespace, up to the next dot; empty for the project's own namespace.</param>
/// <param name="Used">Full name of the type that is named.</param>
/// <param name="UsedFolder">Its folder.</param>
internal sealed record FolderUse(string User, string UserFolder, string Used, string UsedFolder)
{
    /// <summary>Every use across folders within one project, by namespace.</summary>
    /// <param name="module">The project's assembly.</param>
    /// <param name="root">The project's namespace, e.g. <c>VaeCluster.Grains</c>.</param>
    public static IReadOnlyList<FolderUse> Within(ModuleDefinition module, string root) =>
    [
        .. from user in module.Types
           let userFolder = FolderOf(user.Namespace, root)
           where userFolder is not null
           from used in TypeUses.Of(user)
           let usedFolder = FolderOf(used.Namespace, root)
           where usedFolder is not null && usedFolder != userFolder
           select new FolderUse(user.FullName, userFolder, used.FullName, usedFolder),
    ];

    /// <summary>Every use of another project, by the folder of the type that uses it.</summary>
    /// <param name="module">The project's assembly.</param>
    /// <param name="root">The project's namespace.</param>
    /// <param name="other">The other project's namespace.</param>
    public static IReadOnlyList<FolderUse> Across(ModuleDefinition module, string root, string other) =>
    [
        .. from user in module.Types
           let userFolder = FolderOf(user.Namespace, root)
           where userFolder is not null
           from used in TypeUses.Of(user)
           let usedFolder = FolderOf(used.Namespace, other)
           where usedFolder is not null
           select new FolderUse(user.FullName, userFolder, used.FullName, usedFolder),
    ];

    private static string? FolderOf(string space, string root)
    {
        if (space == root)
            return "";
        return space.StartsWith(root + ".", StringComparison.Ordinal) ? space[(root.Length + 1)..].Split('.')[0] : null;
    }
}
