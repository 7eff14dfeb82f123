using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.TestKit;
using CanaryFunctions.TestKit.Programs;
using CanaryFunctions.Webhook.Scaling;

namespace CanaryFunctions.Webhook.Tests.Scaling;

/// <summary>infra/kustomize/components/keda, as kubectl renders it.</summary>
public sealed class ManifestTests
{
    public static TheoryData<string, string[]> Ways => new()
    {
        { "servicebus", ["external-push", "azure-servicebus", "azure-servicebus", "azure-servicebus"] },
        { "storagequeue", ["external-push", "azure-queue", "azure-queue", "azure-queue"] },
        { "polled", ["external", "azure-servicebus", "azure-servicebus", "azure-servicebus"] },
    };

    [ProgramTheory("kubectl")]
    [MemberData(nameof(Ways))]
    public async Task Manifests_AreWhatKedaTakes(string way, string[] types)
    {
        var objects = await RenderAsync(way);
        var scaled = objects.Single(o => o.Text("kind") == "ScaledObject");

        scaled.Text("apiVersion").ShouldBe("keda.sh/v1alpha1");
        scaled.Name().Length.ShouldBeLessThanOrEqualTo(63, "it becomes a label's value");
        scaled.ListAt("spec", "triggers").Select(t => t.Text("type")).ShouldBe(types);
        Problems(objects).ShouldBeEmpty();
    }

    [ProgramTheory("kubectl")]
    [MemberData(nameof(Ways))]
    public async Task Manifests_NameTheScalerAndTheQueuesThatThereAre(string way, string[] types)
    {
        var objects = await RenderAsync(way);
        var triggers = objects.Single(o => o.Text("kind") == "ScaledObject").ListAt("spec", "triggers").ToList();
        var service = objects.Single(o => o.Text("kind") == "Service");

        service.Text("spec", "clusterIP").ShouldBe("None");
        triggers.Count.ShouldBe(types.Length);
        triggers.Single(t => t.Text("type")!.StartsWith("external", StringComparison.Ordinal)).Text("metadata", "scalerAddress")
            .ShouldBe($"{service.Name()}.{service.Namespace()}.svc.cluster.local:{service.ListAt("spec", "ports").Single().Integer("port")}");
        triggers.Select(t => t.Text("metadata", "queueName")).OfType<string>().Order().ShouldBe(QueueNames.All.Order());
    }

    [ProgramFact("kubectl")]
    public async Task Check_FindsWhatKedaWouldNotTake()
    {
        var objects = await RenderAsync("servicebus");
        var scaled = objects.Single(o => o.Text("kind") == "ScaledObject");
        var triggers = scaled.ListAt("spec", "triggers").ToList();
        scaled["spec"]!["minReplicas"] = 0;
        triggers[0]["metadata"]!["targetSize"] = "0";
        triggers[1]["metadata"]!["queueLength"] = "5";
        triggers[1]["metadata"]!["messageCount"] = 5;
        triggers[2]["metadata"]!.AsObject().Remove("namespace");
        triggers[2]["authenticationRef"]!["name"] = "other";
        triggers[3]["type"] = "azure-eventhub";
        objects.Single(o => o.Text("kind") == "TriggerAuthentication")["spec"]!["podIdentity"]!["provider"] = "azure";

        Problems(objects).ShouldBe(
        [
            "spec.minReplicas is unknown",
            "steps: metadata.queueLength is unknown",
            "steps: metadata.messageCount is no string",
            "notices: metadata.namespace is missing",
            "notices: there is no TriggerAuthentication other",
            "deliveries: azure-eventhub is no type that we use",
            "canary-functions-azure: podIdentity.provider azure is unknown",
            "work: ScaledObject canary-functions.flagger-system, metadata of the trigger: targetSize: '0' must be a number from 1 to 10000.",
        ],
        ignoreOrder: true);
    }

    private static IReadOnlyList<string> Problems(IReadOnlyList<JsonObject> objects)
    {
        var spec = objects.Single(o => o.Text("kind") == "ScaledObject").ObjectAt("spec")!;
        var logins = objects.Where(o => o.Text("kind") == "TriggerAuthentication").ToList();
        return
        [
            .. Unknown(spec, KedaContract.SpecKeys, "spec"),
            .. Unknown(spec.ObjectAt("scaleTargetRef"), KedaContract.TargetKeys, "spec.scaleTargetRef"),
            .. Unknown(spec.ObjectAt("fallback"), KedaContract.FallbackKeys, "spec.fallback"),
            .. spec.ListAt("triggers").SelectMany(t => OfTrigger(t.AsObject(), [.. logins.Select(l => l.Name())])),
            .. logins.SelectMany(OfLogin),
        ];
    }

    private static IEnumerable<string> OfTrigger(JsonObject trigger, string[] logins)
    {
        var (name, type, metadata) = (trigger.Text("name"), trigger.Text("type")!, trigger.ObjectAt("metadata")!);
        if (!KedaContract.MetadataKeys.TryGetValue(type, out var known))
        {
            return [$"{name}: {type} is no type that we use"];
        }

        var isCounting = !type.StartsWith("external", StringComparison.Ordinal);
        return
        [
            .. Unknown(trigger, KedaContract.TriggerKeys, $"{name}: trigger"),
            .. Unknown(metadata, known, $"{name}: metadata"),
            .. metadata.Where(m => m.Value.Text() is null).Select(m => $"{name}: metadata.{m.Key} is no string"),
            .. KedaContract.NeededKeys[type].Where(k => metadata.Text(k) is null or "").Select(k => $"{name}: metadata.{k} is missing"),
            .. isCounting && !logins.Contains(trigger.Text("authenticationRef", "name")) ? [$"{name}: there is no TriggerAuthentication {trigger.Text("authenticationRef", "name")}"] : Array.Empty<string>(),
            .. isCounting ? [] : OfScaler(name!, metadata),
        ];
    }

    /// <summary>By the product's own reader.</summary>
    private static IEnumerable<string> OfScaler(string name, JsonObject metadata)
    {
        try
        {
            TriggerMetadata.Read(RunningScaler.Trigger([.. metadata.Select(m => (m.Key, m.Value.Text() ?? ""))]), "");
            return [];
        }
        catch (Webhook.Scaling.Grpc.GrpcException e)
        {
            return [$"{name}: {e.Message}"];
        }
    }

    private static IEnumerable<string> OfLogin(JsonObject login) =>
    [
        .. Unknown(login.ObjectAt("spec", "podIdentity"), KedaContract.PodIdentityKeys, $"{login.Name()}: podIdentity"),
        .. KedaContract.PodIdentityProviders.Contains(login.Text("spec", "podIdentity", "provider") ?? "")
            ? Array.Empty<string>()
            : [$"{login.Name()}: podIdentity.provider {login.Text("spec", "podIdentity", "provider")} is unknown"],
    ];

    private static IEnumerable<string> Unknown(JsonObject? obj, FrozenSet<string> known, string where)
        => (obj ?? []).Select(p => p.Key).Where(k => !known.Contains(k)).Select(k => $"{where}.{k} is unknown");

    private static async Task<IReadOnlyList<JsonObject>> RenderAsync(string way)
    {
        using var kubectl = new Kubectl("");
        return [.. YamlText.ReadAll(await kubectl.RunAsync("kustomize", Path.Combine(Folder(), way))).OfType<JsonObject>()];
    }

    private static string Folder([CallerFilePath] string file = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../../infra/kustomize/components/keda"));
}
