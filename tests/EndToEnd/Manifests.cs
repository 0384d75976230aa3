using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace VaeCluster.EndToEnd;

/// <summary>What <c>kubectl kustomize</c> makes of a folder below <c>k8s</c>.</summary>
internal sealed class Manifests
{
    private const string WhereKubectlIs = "the package kubectl of Kubernetes, or kubernetes-client of Debian 13";

    private readonly IReadOnlyList<YamlNode> _documents;

    private Manifests(IReadOnlyList<YamlNode> documents) => _documents = documents;

    public YamlNode SiloPod => Named("StatefulSet", "vaecluster-silo").At("spec").At("template").At("spec");

    public YamlNode Silo => SiloPod.List("containers").Single();

    public static async Task<Manifests> BuildAsync(string root)
    {
        await SkipWhenOldAsync();
        var folder = Path.Combine(BuiltRepository.Root, "k8s", root);
        await using var kubectl = OptionalProgram.StartOrSkip("kubectl", ["kustomize", folder], WhereKubectlIs);
        var exitCode = await kubectl.ExitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.True(exitCode == 0, kubectl.Output);
        var stream = new YamlStream();
        stream.Load(new StringReader(kubectl.Output));
        return new Manifests([.. stream.Documents.Select(document => document.RootNode)]);
    }

    /// <summary>Before 1.24, the first that prints the version of its Kustomize, kubectl does not know components and labels.</summary>
    private static async Task SkipWhenOldAsync()
    {
        await using var version = OptionalProgram.StartOrSkip("kubectl", ["version", "--client", "--output=json"], WhereKubectlIs);
        await version.ExitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        var isNew = version.Output.Contains("kustomizeVersion", StringComparison.Ordinal);
        Assert.SkipUnless(isNew, $"kubectl is older than 1.24; a newer one is in {WhereKubectlIs}.");
    }

    public IEnumerable<YamlNode> OfKind(string kind) => _documents.Where(document => document.Text("kind") == kind);

    public YamlNode Named(string kind, string name) => Assert.Single(OfKind(kind), document => document.At("metadata").Text("name") == name);

    public IEnumerable<YamlNode> PodTemplates() => OfKind("StatefulSet").Select(set => set.At("spec").At("template"));

    public IEnumerable<YamlNode> Pods() => PodTemplates().Select(template => template.At("spec"));

    /// <summary>The environment of a silo: what the manifests say, and what Kubernetes would put for the fields of the pod.</summary>
    public Dictionary<string, string> SiloEnvironment()
    {
        var environment = Silo.List("envFrom")
            .SelectMany(source => ((YamlMappingNode)Named("ConfigMap", source.At("configMapRef").Text("name")).At("data")).Children)
            .ToDictionary(entry => entry.Key.ToString(), entry => entry.Value.ToString());
        foreach (var variable in Silo.List("env"))
        {
            environment.Add(variable.Text("name"), variable.At("valueFrom").At("fieldRef").Text("fieldPath") switch
            {
                "metadata.name" => "vaecluster-silo-0",
                "status.podIP" => "10.1.2.3",
                var field => throw new InvalidOperationException($"{variable.Text("name")} is the pod's {field}; say here what Kubernetes puts for that."),
            });
        }
        return environment;
    }
}

/// <summary>Short ways through a YAML tree. What is not there fails with its name.</summary>
internal static class YamlNodeExtensions
{
    public static YamlNode At(this YamlNode node, string key) => ((YamlMappingNode)node).Children.TryGetValue(key, out var value)
        ? value
        : throw new KeyNotFoundException($"There is no '{key}' in:\n{node}");

    public static bool Has(this YamlNode node, string key) => ((YamlMappingNode)node).Children.ContainsKey(key);

    public static string Text(this YamlNode node, string key) => ((YamlScalarNode)node.At(key)).Value!;

    public static int Number(this YamlNode node, string key) => int.Parse(node.Text(key), CultureInfo.InvariantCulture);

    public static IEnumerable<YamlNode> List(this YamlNode node, string key) => ((YamlSequenceNode)node.At(key)).Children;

    /// <summary>Whether each label of the node is one of the other's.</summary>
    public static bool IsPartOf(this YamlNode selector, YamlNode labels) =>
        ((YamlMappingNode)selector).Children.All(label => labels.Has(label.Key.ToString()) && labels.Text(label.Key.ToString()) == label.Value.ToString());
}
