using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Cli.Scenarios;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Scenario.Tests.Staging;
using CanaryFunctions.Simulator.Api.Authorization;
using CanaryFunctions.Simulator.Yaml;
using CanaryFunctions.Webhook;

namespace CanaryFunctions.Scenario.Tests;

/// <summary>
/// The rights of infra/kustomize/base against what the product does with them: every flow is played under them, so that a missing one fails it, and what no
/// flow made use of is one too many. The embedded API server judges requests, and owner references as OpenShift does.
/// </summary>
[Collection(nameof(Unmeasured))]
public sealed class RbacTests
{
    private const double Speed = 100;

    [Fact]
    public async Task Base_GivesWhatTheFlowsUse_AndNothingElse()
    {
        var used = new ConcurrentDictionary<AccessGrant, bool>();
        var refused = new ConcurrentBag<string>();
        (string Provider, Func<IClusterClient, Task>? Definitions)[] routers =
        [
            ("gloo", null),
            ("linkerd", null),
            ("linkerd", cluster => WithoutAsync(cluster, "trafficsplits.split.smi-spec.io")),
            ("linkerd", cluster => WithoutAsync(cluster, "trafficsplits.split.smi-spec.io", "httproutes.policy.linkerd.io")),
            ("smi:istio", null),
            ("traefik", null),
            ("traefik", WithNewTraefikAsync),
        ];
        routers.Select(r => r.Provider).Append("skipper").Distinct().ShouldBe(Cli.Guides.Names, ignoreOrder: true, "every guide's router has rights of its own");
        IEnumerable<Func<Task<Stage>>> flows =
        [
            .. routers.Select(r => (Func<Task<Stage>>)(() => ReleasedAndDeletedAsync(r.Provider, r.Definitions))),
            WithSecretsAsync,
            LeavingThePrimaryAsync,
            InsideTheClusterAsync,
        ];

        await Parallel.ForEachAsync(flows, new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (flow, _) =>
        {
            await using var stage = await flow();
            var server = stage.Playground.Cluster.ApiServer;
            foreach (var right in server.UsedRights.Where(r => r.User == Playground.ProductUser.Name))
            {
                used.TryAdd(right, true);
            }

            foreach (var refusal in server.Refusals.Where(r => r.User == Playground.ProductUser.Name))
            {
                refused.Add(refusal.Message);
            }
        });

        refused.Distinct().ShouldBeEmpty("a right is missing in infra/kustomize/base/rbac.yaml");
        Given().Except(used.Keys).Select(Words).Order(StringComparer.Ordinal).ShouldBeEmpty("nobody used it: take it out of infra/kustomize/base/rbac.yaml, or play the flow that needs it");
    }

    [Fact]
    public void Base_GivesNothingByWildcard_AndSecretsToReadOnly()
    {
        var given = Given().ToList();
        given.Count.ShouldBeGreaterThan(30);
        given.Where(g => $"{g.Verb}{g.Group}{g.Resource}{g.Name}".Contains('*', StringComparison.Ordinal)).ShouldBeEmpty();
        given.Where(g => g.Resource == "secrets" && g.Role == "ClusterRole/flagger" && g.Verb is not ("get" or "list" or "watch")).ShouldBeEmpty();
        given.Where(g => g is { Resource: "secrets", Verb: "update" or "patch" or "delete" }).ShouldAllBe(g => g.Name == "canary-webhook-certificate");
    }

    [Fact]
    public async Task AccountWithoutRights_HoldsEverything_AndSaysWhatItLacks()
    {
        await using var stage = await Stage.InitializedAsync(Analysis.Short, new() { Speed = Speed });
        var role = (await stage.Client.GetAsync(ClusterRole("flagger"), CancellationToken.None))!;
        var rules = role["rules"]!.AsArray();
        rules.Remove(rules.Single(r => r.ListAt("resources").Any(x => x.Text() == "ingresses")));
        await stage.Client.ReplaceAsync(ClusterRole("flagger").Kind, role, CancellationToken.None);

        await stage.SetImageAsync("4.0.6");

        const string Lacks = "User \"system:serviceaccount:flagger-system:flagger\" cannot get resource \"ingresses\" in API group \"networking.k8s.io\" in the namespace \"test\"";
        await stage.UntilAsync(() => stage.Feed.Events.Any(e => e is { Type: "Warning", Reason: Reasons.ClusterError } && e.Message.Contains(Lacks, StringComparison.Ordinal)), "an event names the right");
        stage.Status.Phase.ShouldBe(CanaryPhase.Initialized);
        stage.ForgiveRefusals();
    }

    // The guide's objects, a release, the end.
    private static async Task<Stage> ReleasedAndDeletedAsync(string provider, Func<IClusterClient, Task>? definitions)
    {
        var stage = await Stage.OpenAsync(new() { Speed = Speed, Provider = provider, Guide = provider });
        if (definitions is not null)
        {
            // What is served is asked once a minute: only a product that starts later knows of the change.
            await stage.Playground.StopProductAsync();
            await definitions(stage.Client);
            await stage.Playground.StartProductAsync(CancellationToken.None);
        }

        await stage.ApplyAsync([.. Stage.GuideObjects(Analysis.Short, provider)]);
        await stage.RestsAsync(CanaryPhase.Initialized);
        await stage.ReleaseAsync(GuideScript.Of(provider).GoodTag, CanaryPhase.Succeeded);
        await DeletedAsync(stage);
        return stage;
    }

    private static Task WithoutAsync(IClusterClient cluster, params string[] definitions)
        => Task.WhenAll(definitions.Select(d => cluster.DeleteAsync(new(Kinds.CustomResourceDefinition, null, d), new(), CancellationToken.None)));

    // Traefik 3 has moved its kinds to another group.
    private static async Task WithNewTraefikAsync(IClusterClient cluster)
    {
        const string Old = "traefik.containo.us";
        var definition = (await cluster.GetAsync(new(Kinds.CustomResourceDefinition, null, $"traefikservices.{Old}"), CancellationToken.None))!;
        definition["metadata"] = new JsonObject { ["name"] = "traefikservices.traefik.io" };
        definition["spec"]!["group"] = "traefik.io";
        definition.Remove("status");
        await cluster.CreateAsync(Kinds.CustomResourceDefinition, definition, CancellationToken.None);
    }

    // A metric server and a chat whose addresses and tokens are in Secrets.
    private static async Task<Stage> WithSecretsAsync()
    {
        await using var chat = await ChatInbox.StartAsync(CancellationToken.None);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        chat.Received += _ => told.TrySetResult();
        var stage = await Stage.OpenAsync(new() { Speed = Speed });
        var objects = Stage.GuideObjects(analysis =>
        {
            Analysis.Short(analysis);
            analysis["alerts"] = Yaml("[{name: team, severity: info, providerRef: {name: team}}]").DeepClone();
            analysis["metrics"] = Yaml("[{name: always, interval: 1m, templateRef: {name: always}, thresholdRange: {min: 1}}]").DeepClone();
        }).ToList();
        await stage.ApplyAsync(objects[0]);
        await stage.ApplyAsync(
            (JsonObject)Yaml($"{{apiVersion: v1, kind: Secret, metadata: {{name: chat, namespace: test}}, stringData: {{address: '{chat.SlackUrl}'}}}}"),
            (JsonObject)Yaml("{apiVersion: v1, kind: Secret, metadata: {name: metrics, namespace: test}, stringData: {username: jo, password: secret}}"),
            (JsonObject)Yaml("{apiVersion: flagger.app/v1beta1, kind: AlertProvider, metadata: {name: team, namespace: test}, spec: {type: slack, secretRef: {name: chat}}}"),
            (JsonObject)Yaml("{apiVersion: flagger.app/v1beta1, kind: MetricTemplate, metadata: {name: always, namespace: test}, spec: {provider: {type: prometheus, address: 'http://prometheus.flagger-system:9090', secretRef: {name: metrics}}, query: vector(1)}}"));
        await stage.ApplyAsync([.. objects[1..]]);
        await stage.RestsAsync(CanaryPhase.Initialized);
        await stage.ReleaseAsync("4.0.6", CanaryPhase.Succeeded);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

        // What fails again and again is one event that counts.
        await stage.Client.MergePatchAsync(new(Kinds.MetricTemplate, Stage.Namespace, "always"), (JsonObject)Yaml("{spec: {query: vector(0)}}"), null, CancellationToken.None);
        await stage.ReleaseAsync("4.0.7", CanaryPhase.Failed);
        await DeletedAsync(stage);
        return stage;
    }

    // The Canary goes while its target never becomes ready: what serves is left to the user.
    private static async Task<Stage> LeavingThePrimaryAsync()
    {
        var stage = await Stage.InitializedAsync(Analysis.Short, new() { Speed = Speed });
        await stage.PatchCanaryAsync((JsonObject)Yaml("{spec: {progressDeadlineSeconds: 60}}"));
        await stage.Client.MergePatchAsync(
            new(Kinds.Deployment, Stage.Namespace, Stage.App), (JsonObject)Yaml("{spec: {minReadySeconds: 36000, progressDeadlineSeconds: 72000, template: {metadata: {annotations: {revision: slow}}}}}"), null, CancellationToken.None);
        await DeletedAsync(stage);
        stage.Feed.Find(Kinds.Deployment, "podinfo-primary").ShouldNotBeNull().ListAt("metadata", "ownerReferences").ShouldBeEmpty();
        return stage;
    }

    // As a pod: the certificate in a Secret, made and later renewed, and the registration by Service.
    private static async Task<Stage> InsideTheClusterAsync()
    {
        var stage = await Stage.OpenAsync(new() { Speed = Speed });
        await stage.Playground.Webhook.DisposeAsync();
        var options = new WebhookOptions { Outside = false, OwnNamespace = ProductAccess.Namespace, Hosts = [$"canary-webhook.{ProductAccess.Namespace}.svc"] };
        await using (await WebhookServer.StartAsync(options, stage.Playground.Services, CancellationToken.None))
        {
        }

        var secret = new ObjectRef(Kinds.Secret, options.OwnNamespace, options.SecretName);
        await stage.Client.MergePatchAsync(secret, (JsonObject)Yaml("{data: {ca.crt: '', tls.crt: ''}}"), null, CancellationToken.None);
        await using (await WebhookServer.StartAsync(options, stage.Playground.Services, CancellationToken.None))
        {
        }

        return stage;
    }

    private static async Task DeletedAsync(Stage stage)
    {
        await stage.DeleteCanaryAsync();
        await stage.UntilAsync(() => stage.Feed.Find(Kinds.Canary, Stage.App) is null, "the Canary is gone");
    }

    // Each rule as the API server tells of its use.
    private static IEnumerable<AccessGrant> Given() =>
        from role in ProductAccess.Base()
        where role.Text("kind") is "ClusterRole" or "Role"
        from rule in role.ListAt("rules")
        from verb in Texts(rule, "verbs")
        from target in rule.At("nonResourceURLs") is null
            ? from g in Texts(rule, "apiGroups") from r in Texts(rule, "resources") from n in Texts(rule, "resourceNames").DefaultIfEmpty("") select (Group: g, Resource: r, Name: n)
            : from u in Texts(rule, "nonResourceURLs") select (Group: "", Resource: u, Name: "")
        select new AccessGrant(
            Playground.ProductUser.Name, role.Text("kind") == "Role" ? $"Role/{role.Namespace()}/{role.Name()}" : $"ClusterRole/{role.Name()}", verb, target.Group, target.Resource, target.Name);

    private static IEnumerable<string> Texts(JsonNode rule, string key) => rule.ListAt(key).Select(t => t.Text()).OfType<string>();

    private static string Words(AccessGrant right) => $"{right.Role}: {right.Verb} {right.Group}/{right.Resource} {right.Name}".TrimEnd();

    private static ObjectRef ClusterRole(string name) => new(new("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", Namespaced: false), null, name);

    private static JsonNode Yaml(string text) => YamlJson.ParseAll(text).Single();
}
