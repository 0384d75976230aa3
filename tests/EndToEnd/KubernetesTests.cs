using System.Globalization;
using System.Xml.Linq;
using VaeCluster.Silo.Configuration;

namespace VaeCluster.EndToEnd;

/// <summary>The manifests build, and say of the program what is true of it.</summary>
public sealed class KubernetesTests
{
    /// <summary>What is applied: the base and each overlay.</summary>
    public static TheoryData<string> Roots { get; } =
        ["base", .. Directory.GetDirectories(Path.Combine(BuiltRepository.Root, "k8s", "overlays")).Select(folder => "overlays/" + Path.GetFileName(folder))];

    [Theory]
    [MemberData(nameof(Roots))]
    public async Task SiloPorts_AreTheDefaultsOfTheProgram(string root)
    {
        var manifests = await Manifests.BuildAsync(root);

        var ports = manifests.Silo.List("ports").ToDictionary(port => port.Text("name"), port => port.Number("containerPort"));

        var defaults = new SiloSettings();
        Assert.Equal(
            new() { ["grpc"] = defaults.EffectiveGrpcPort, ["http"] = defaults.EffectiveHttpPort, ["silo"] = defaults.EffectiveSiloPort, ["gateway"] = defaults.EffectiveGatewayPort },
            ports);
    }

    [Theory]
    [MemberData(nameof(Roots))]
    public async Task SiloEnvironment_HoldsSettingsOnly_AndTheyAreValid(string root)
    {
        var manifests = await Manifests.BuildAsync(root);
        var environment = manifests.SiloEnvironment();
        var configuration = new SiloConfiguration(new Dictionary<string, string>(), null, environment);
        var settings = configuration.Settings;

        Assert.Empty(environment.Keys.Except(SiloSetting.All.Select(setting => setting.Variable)));
        Assert.Empty(configuration.Errors);
        // Neither can be tried here: the folder is the volume's, and a GPU is the node's.
        settings.DataDir = Path.GetTempPath();
        settings.Devices = root == "overlays/cpu" ? settings.Devices : "none";
        var ports = LoopbackPorts.Free(4);
        (settings.GrpcPort, settings.HttpPort, settings.SiloPort, settings.GatewayPort) = (ports[0], ports[1], ports[2], ports[3]);
        Assert.Empty(new SiloSettingsValidator(settings, configuration.SourceOf).Validate());
    }

    [Theory]
    [MemberData(nameof(Roots))]
    public async Task SiloEnvironment_NamesAServiceThatThereIs(string root)
    {
        var manifests = await Manifests.BuildAsync(root);

        var redis = manifests.SiloEnvironment()["VAECLUSTER_REDIS"].Split(':');

        var service = manifests.Named("Service", redis[0]);
        Assert.Contains(service.At("spec").List("ports"), port => port.Number("port") == int.Parse(redis[1], CultureInfo.InvariantCulture));
    }

    [Theory]
    [MemberData(nameof(Roots))]
    public async Task SiloPod_TakesNoVariablesOfServices(string root)
    {
        // A service named vaecluster-grpc would give VAECLUSTER_GRPC_PORT=tcp://..., which is a setting's name.
        var manifests = await Manifests.BuildAsync(root);

        Assert.All(manifests.Pods(), pod => Assert.Equal("false", pod.Text("enableServiceLinks")));
    }

    [Theory]
    [MemberData(nameof(Roots))]
    public async Task SiloPod_MayWriteTheDataDirectoryAndNothingElseOfTheImage(string root)
    {
        var manifests = await Manifests.BuildAsync(root);

        var mounts = manifests.Silo.List("volumeMounts").Select(mount => mount.Text("mountPath"));
        var context = manifests.Silo.At("securityContext");

        Assert.Equal([manifests.SiloEnvironment()["VAECLUSTER_DATA_DIR"], "/tmp"], mounts);
        Assert.Equal("true", context.Text("readOnlyRootFilesystem"));
        Assert.Equal("false", context.Text("allowPrivilegeEscalation"));
    }

    [Theory]
    [MemberData(nameof(Roots))]
    public async Task SiloPod_GetsMoreTimeToStopThanTheProgramTakes(string root)
    {
        var manifests = await Manifests.BuildAsync(root);

        var grace = manifests.SiloPod.Number("terminationGracePeriodSeconds");

        Assert.True(grace >= Silo.SiloHost.ShutdownTimeout.TotalSeconds + 10, $"A silo may take {Silo.SiloHost.ShutdownTimeout} to stop; Kubernetes gives it {grace} s.");
    }

    [Theory]
    [InlineData("base", true)]
    [InlineData("overlays/gpu", true)]
    [InlineData("overlays/cpu", false)]
    public async Task SiloPod_AsksForAGpu_UnlessOnCpu(string root, bool wantsGpu)
    {
        var manifests = await Manifests.BuildAsync(root);

        Assert.Equal(wantsGpu, manifests.Silo.At("resources").At("limits").Has("nvidia.com/gpu"));
        Assert.Equal(wantsGpu, manifests.SiloPod.Has("nodeSelector"));
        Assert.Equal(wantsGpu, manifests.SiloPod.Has("tolerations"));
    }

    [Theory]
    [MemberData(nameof(Roots))]
    public async Task Image_IsThatOfTheVersionAndOfTheContainerfile(string root)
    {
        var manifests = await Manifests.BuildAsync(root);
        var version = XDocument.Load(Path.Combine(BuiltRepository.Root, "Directory.Build.props")).Descendants("Version").Single().Value;
        var expected = $"vaecluster:{version}" + (root == "overlays/cpu" ? "-cpu" : "");

        var containerfile = await File.ReadAllTextAsync(Path.Combine(BuiltRepository.Root, "k8s", "Containerfile"), TestContext.Current.CancellationToken);

        Assert.Equal(expected, manifests.Silo.Text("image"));
        Assert.Contains($" -t {expected} ", containerfile, StringComparison.Ordinal);
    }

    [Fact]
    public void Containerfile_CopiesWhatThereIs_AndTheIgnoreFileLetsIn()
    {
        var ignored = File.ReadAllLines(Path.Combine(BuiltRepository.Root, ".dockerignore"));
        var sources = File.ReadAllLines(Path.Combine(BuiltRepository.Root, "k8s", "Containerfile"))
            .Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ')[1..^1])
            .ToList();

        Assert.Contains("*", ignored);
        Assert.All(sources, source =>
        {
            Assert.NotEmpty(Directory.GetFileSystemEntries(Path.Combine(BuiltRepository.Root, Path.GetDirectoryName(source)!), Path.GetFileName(source)));
            Assert.Contains(ignored, entry => entry.StartsWith('!') && $"{source}/".StartsWith($"{entry[1..]}/", StringComparison.Ordinal));
        });
        // Without it the build follows other rules than here.
        Assert.Contains(".editorconfig", sources);
    }

    [Theory]
    [MemberData(nameof(Roots))]
    public async Task Selectors_MatchPods_AndTargetPortsExist(string root)
    {
        var manifests = await Manifests.BuildAsync(root);

        Assert.All(manifests.OfKind("Service"), service =>
        {
            var pod = Assert.Single(manifests.PodTemplates(), template => service.At("spec").At("selector").IsPartOf(template.At("metadata").At("labels")));
            var ports = pod.At("spec").List("containers").SelectMany(container => container.List("ports")).Select(port => port.Text("name"));
            Assert.Empty(service.At("spec").List("ports").Select(port => port.Text("targetPort")).Except(ports));
        });
        Assert.All(manifests.OfKind("PodDisruptionBudget"), budget =>
            Assert.Single(manifests.PodTemplates(), template => budget.At("spec").At("selector").At("matchLabels").IsPartOf(template.At("metadata").At("labels"))));
        Assert.All(manifests.OfKind("StatefulSet"), set =>
        {
            Assert.True(set.At("spec").At("selector").At("matchLabels").IsPartOf(set.At("spec").At("template").At("metadata").At("labels")));
            manifests.Named("Service", set.At("spec").Text("serviceName"));
        });
        Assert.All(manifests.OfKind("ServiceMonitor"), monitor =>
        {
            var service = Assert.Single(manifests.OfKind("Service"), service => monitor.At("spec").At("selector").At("matchLabels").IsPartOf(service.At("metadata").At("labels")));
            Assert.Equal(service.At("spec").List("ports").Select(port => port.Text("name")), monitor.At("spec").List("endpoints").Select(endpoint => endpoint.Text("port")));
        });
    }

    [Theory]
    [MemberData(nameof(Roots))]
    public async Task Paths_OfProbesAndScrapes_AreAnsweredByASilo(string root)
    {
        var manifests = await Manifests.BuildAsync(root);
        string[] probes = ["startupProbe", "readinessProbe", "livenessProbe"];
        var paths = probes.Select(probe => manifests.Silo.At(probe).At("httpGet").Text("path"))
            .Append(manifests.Named("Service", "vaecluster-metrics").At("metadata").At("annotations").Text("prometheus.io/path"))
            .Concat(manifests.OfKind("ServiceMonitor").SelectMany(monitor => monitor.At("spec").List("endpoints")).Select(endpoint => endpoint.Text("path")))
            .Distinct();

        await using var silo = await SiloProcess.StartAsync("none");

        foreach (var path in paths)
        {
            using var response = await silo.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode, $"{path} is answered with {response.StatusCode}.");
        }
    }
}
