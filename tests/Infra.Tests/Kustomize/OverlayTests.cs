using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Infra.Tests.Settings;
using CanaryFunctions.Platform.Hosting.Settings;
using CanaryFunctions.Platform.Queues.Settings;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Infra.Tests.Kustomize;

/// <summary>The overlays as objects: rules that hold of each, and what the programs in them make of their environment.</summary>
public sealed class OverlayTests
{
    public static TheoryData<string> Names => [.. Overlays.WithPods];

    public static TheoryData<string> Folders => [.. Overlays.Renderable];

    public static TheoryData<string, string, StepQueueKind> Pods => new()
    {
        { "standalone", "canary-functions", StepQueueKind.InProcess },
        { "keda-servicebus", "canary-webhook", StepQueueKind.ServiceBus },
        { "keda-servicebus", "canary-functions", StepQueueKind.ServiceBus },
        { "keda-storagequeue", "canary-webhook", StepQueueKind.Storage },
        { "keda-storagequeue", "canary-functions", StepQueueKind.Storage },
    };

    [Fact]
    public void Overlays_AreThose() => Overlays.All.ShouldBe(["keda-servicebus", "keda-storagequeue", "loadtester", "outside", "standalone"]);

    [ProgramTheory("kubectl")]
    [MemberData(nameof(Folders))]
    public async Task Kustomization_IsRendered(string folder)
        => (await Overlays.RenderAsync(folder)).Select(o => o.Name()).ShouldAllBe(name => name.Length > 0);

    [ProgramTheory("kubectl")]
    [MemberData(nameof(Names))]
    public async Task Overlay_KeepsTheRules(string name)
    {
        var objects = await Overlays.OverlayAsync(name);

        objects.Count(o => o.Text("kind") == "Deployment").ShouldBe(name.StartsWith("keda", StringComparison.Ordinal) ? 2 : 1);
        ManifestRules.Problems(objects).ShouldBeEmpty();
    }

    [ProgramTheory("kubectl")]
    [MemberData(nameof(Names))]
    public async Task Images_AreOurs_OfOneVersion_AndHaveADockerfile(string name)
    {
        var images = (await Overlays.OverlayAsync(name)).Where(o => o.Text("kind") == "Deployment")
            .SelectMany(d => d.ListAt("spec", "template", "spec", "containers")).Select(c => c.Text("image")!.Split(':')).ToList();

        images.ShouldNotBeEmpty();
        images.ShouldAllBe(i => i.Length == 2 && i[1] == "0.1.0");
        images.Select(i => i[0]).ShouldAllBe(i => i.StartsWith("canary-functions/", StringComparison.Ordinal));
        images.Select(i => i[0].Split('/')[1]).Where(i => !Checkout.Has($"infra/docker/{i}.Dockerfile")).ShouldBeEmpty();
    }

    [ProgramTheory("kubectl")]
    [MemberData(nameof(Pods))]
    public async Task Pod_UnderstandsItsEnvironment(string overlay, string name, StepQueueKind queue)
    {
        var objects = await Overlays.OverlayAsync(overlay);
        var container = Deployment(objects, name).ListAt("spec", "template", "spec", "containers").Single();
        var configuration = Programs.Configuration(Environment(objects, container));

        SettingsReader.Read(configuration).MeshProvider.ShouldBeNull("no provider is ours to choose");
        StepQueueSettings.Read(configuration).Kind.ShouldBe(queue);
        if (name == "canary-functions" && overlay != "standalone")
        {
            return;
        }

        var options = Programs.Webhook(configuration);
        var ports = container.ListAt("ports").ToDictionary(p => p.Text("name")!, p => p.Integer("containerPort"));
        var service = objects.Single(o => o.Text("kind") == "Service" && o.Name() == options.ServiceName);
        ports["https"].ShouldBe(options.Port);
        ports["http"].ShouldBe(options.HealthPort);
        service.ListAt("spec", "ports").Single().Integer("port").ShouldBe(443);
        service.Namespace().ShouldBe("flagger-system");
        if (overlay != "standalone")
        {
            ports["grpc-scaler"].ShouldBe(options.Scaler.ShouldNotBeNull().Port);
        }

        var drain = options.DrainDelay;
        drain.ShouldBe(TimeSpan.FromSeconds(5));
        Deployment(objects, name).Integer("spec", "template", "spec", "terminationGracePeriodSeconds").ShouldNotBeNull()
            .ShouldBeGreaterThan((int)drain.TotalSeconds + 7, "those under way and hints take 7 s more");
    }

    [ProgramFact("kubectl")]
    public async Task Sweep_IsTheWebhooks_WhereFunctionsGoToZero()
    {
        foreach (var overlay in (string[])["keda-servicebus", "keda-storagequeue"])
        {
            var objects = await Overlays.OverlayAsync(overlay);

            Sweeps(objects, "canary-webhook").ShouldBe("true");
            Sweeps(objects, "canary-functions").ShouldBe("false");
        }

        static string Sweeps(IReadOnlyList<JsonObject> objects, string name)
            => Environment(objects, Deployment(objects, name).ListAt("spec", "template", "spec", "containers").Single())["SWEEP"];
    }

    [ProgramFact("kubectl")]
    public async Task Rules_FindWhatIsWrong()
    {
        var objects = (await Overlays.OverlayAsync("keda-servicebus")).Select(o => o.Copy()).ToList();
        var container = Deployment(objects, "canary-webhook")["spec"]!["template"]!["spec"]!["containers"]![0]!;
        container["securityContext"]!["readOnlyRootFilesystem"] = false;
        container["livenessProbe"]!["httpGet"]!["port"] = "web";
        container["resources"]!["limits"]!.AsObject().Remove("memory");
        container["env"]!.AsArray().Add(new JsonObject { ["name"] = "MESH_PROVIDR", ["value"] = "x" });
        Deployment(objects, "canary-webhook")["spec"]!["template"]!["spec"]!["securityContext"]!["runAsNonRoot"] = false;
        Deployment(objects, "canary-functions")["spec"]!["replicas"] = 2;
        Of(objects, "ConfigMap", "canary-functions-settings")["data"]!["SLACK_USR"] = "x";
        Of(objects, "Service", "canary-webhook")["spec"]!["ports"]![0]!["targetPort"] = "tls";
        Of(objects, "PodDisruptionBudget", "canary-webhook")["spec"]!["minAvailable"] = 2;
        Of(objects, "NetworkPolicy", "canary-functions")["spec"]!["podSelector"]!["matchLabels"]!["app.kubernetes.io/component"] = "worker";
        Of(objects, "ScaledObject", "canary-functions")["spec"]!["scaleTargetRef"]!["name"] = "functions";

        ManifestRules.Problems(objects).Distinct().ShouldBe(
        [
            "canary-webhook: securityContext.runAsNonRoot is not true",
            "canary-webhook: securityContext.readOnlyRootFilesystem is not true",
            "canary-webhook: resources.limits.memory is missing",
            "canary-webhook: livenessProbe asks no port of the container",
            "canary-webhook: MESH_PROVIDR is no setting",
            "canary-functions: replicas are KEDA's",
            "canary-functions-settings: SLACK_USR is no setting",
            "Service canary-webhook: no container has the port tls",
            "PodDisruptionBudget canary-webhook: with 2 replicas no node can be drained",
            "NetworkPolicy canary-functions: selects nothing",
            "canary-functions: no network policy",
            "ScaledObject canary-functions: there is no Deployment functions",
        ],
        ignoreOrder: true);
    }

    private static JsonObject Of(IReadOnlyList<JsonObject> objects, string kind, string name) => objects.Single(o => o.Text("kind") == kind && o.Name() == name);

    private static JsonObject Deployment(IReadOnlyList<JsonObject> objects, string name) => Of(objects, "Deployment", name);

    /// <summary>As the kubelet makes it, and AKS workload identity beside it.</summary>
    private static Dictionary<string, string> Environment(IReadOnlyList<JsonObject> objects, JsonNode container)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AZURE_CLIENT_ID"] = "11111111-1111-1111-1111-111111111111",
            ["AZURE_TENANT_ID"] = "22222222-2222-2222-2222-222222222222",
            ["AZURE_FEDERATED_TOKEN_FILE"] = "/var/run/secrets/azure/tokens/azure-identity-token",
        };
        var given = container.ListAt("envFrom").Select(e => e.Text("configMapRef", "name")).OfType<string>()
            .SelectMany(name => Of(objects, "ConfigMap", name).Map("data").Select(d => (d.Key, d.Value)))
            .Concat(container.ListAt("env").Select(e => (Key: e.Text("name")!, Value: e.Text("value") ?? "from-the-pod")));
        foreach (var (name, value) in given)
        {
            variables[name] = value;
        }

        return variables;
    }
}
