using Mono.Cecil;

namespace VaeCluster.Architecture.Tests.Rules;

/// <summary>The folders of a project form layers: a type sees its own folder and those below it.</summary>
internal static class LayeringRule
{
    /// <summary>The uses that point upward, and the folders that the order does not name.</summary>
    /// <param name="module">The project's assembly.</param>
    /// <param name="root">The project's namespace.</param>
    /// <param name="order">
    /// Its folders from the lowest up. Folders of one row do not see each other. The empty name is the project's own namespace; where the order leaves it
    /// out, its types may be seen by all.
    /// </param>
    public static IReadOnlyList<string> FindUpward(ModuleDefinition module, string root, params string[][] order)
    {
        var text = $"the order of {root} is {string.Join(", then ", order.Select(row => string.Join(" and ", row.Select(NameOf))))}";
        int LayerOf(string folder) => Array.FindIndex(order, row => row.Contains(folder, StringComparer.Ordinal));
        return
        [
            .. from use in FolderUse.Within(module, root)
               where order.Any(row => row.Contains("")) || (use.UserFolder.Length > 0 && use.UsedFolder.Length > 0)
               let layers = (User: LayerOf(use.UserFolder), Used: LayerOf(use.UsedFolder))
               where layers.User < 0 || layers.Used < 0 || layers.Used >= layers.User
               let unknown = layers.User < 0 ? use.UserFolder : use.UsedFolder
               select layers.User < 0 || layers.Used < 0
                   ? $"{use.User} uses {use.Used}, and {NameOf(unknown)} has no place in the order: {text}."
                   : $"{use.User} uses {use.Used}, which is not below it: {text}.",
        ];
    }

    /// <summary>The uses that close a circle of folders, whatever the order is. The project's own namespace is no folder: it composes them, and has what they share.</summary>
    public static IReadOnlyList<string> FindCycles(ModuleDefinition module, string root)
    {
        var uses = FolderUse.Within(module, root).Where(use => use.UserFolder.Length > 0 && use.UsedFolder.Length > 0).ToList();
        var below = uses.ToLookup(use => use.UserFolder, use => use.UsedFolder);
        return
        [
            .. from use in uses
               let way = WayBetween(below, use.UsedFolder, use.UserFolder)
               where way.Count > 0
               select $"{use.User} uses {use.Used}, and {string.Join(" uses ", way.Select(NameOf))}: no two folders of {root} may reach each other.",
        ];
    }

    /// <summary>The uses of another project from folders that must not know it.</summary>
    /// <param name="module">The project's assembly.</param>
    /// <param name="root">The project's namespace.</param>
    /// <param name="other">The other project's namespace.</param>
    /// <param name="allowed">The folders that may use it.</param>
    public static IReadOnlyList<string> FindForeign(ModuleDefinition module, string root, string other, params string[] allowed) =>
    [
        .. from use in FolderUse.Across(module, root, other)
           where !allowed.Contains(use.UserFolder, StringComparer.Ordinal)
           select $"{use.User} uses {use.Used}: in {root} only {string.Join(" and ", allowed)} may see {other}.",
    ];

    private static string NameOf(string folder) => folder.Length == 0 ? "(root)" : folder;

    /// <summary>The folders on the shortest way from one to another, both included; empty where there is none.</summary>
    private static List<string> WayBetween(ILookup<string, string> below, string from, string to)
    {
        var before = new Dictionary<string, string?>(StringComparer.Ordinal) { [from] = null };
        var open = new Queue<string>([from]);
        while (open.TryDequeue(out var folder))
        {
            if (folder == to)
                return WayTo(before, folder);
            foreach (var next in below[folder].Where(next => before.TryAdd(next, folder)))
                open.Enqueue(next);
        }
        return [];
    }

    private static List<string> WayTo(Dictionary<string, string?> before, string end)
    {
        var way = new List<string>();
        for (var folder = end; folder is not null; folder = before[folder])
            way.Insert(0, folder);
        return way;
    }
}
