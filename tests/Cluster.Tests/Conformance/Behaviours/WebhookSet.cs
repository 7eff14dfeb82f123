using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace CanaryFunctions.Cluster.Tests.Conformance.Behaviours;

/// <summary>Webhooks for a behaviour's namespace, in force once it has started; gone with its end.</summary>
internal sealed class WebhookSet : IAsyncDisposable
{
    private const string Nobody = "https://127.0.0.1:1/";
    private readonly ConcurrentDictionary<string, ConcurrentQueue<JsonObject>> _requests = new(StringComparer.Ordinal);
    private readonly ApiProbe _probe;

    private WebhookSet(ApiProbe probe) => _probe = probe;

    internal static string PathOf(bool validating) => $"/apis/admissionregistration.k8s.io/v1/{(validating ? "validating" : "mutating")}webhookconfigurations";

    internal static async Task<WebhookSet> StartAsync(ApiProbe probe, params Hook[] hooks)
    {
        var set = new WebhookSet(probe);
        foreach (var side in hooks.GroupBy(h => h.Validating))
        {
            // In force for all hooks at once: a last one, for config maps that nobody else asks about, tells when.
            var ready = new Hook(side.Key ? "ready-validating" : "ready-mutating", side.Key, _ => new JsonObject { ["allowed"] = true }) { Resources = "configmaps" };
            var entries = side.Append(ready).Select(set.Entry);
            await probe.MakeAsync(PathOf(side.Key), $$"""
                apiVersion: admissionregistration.k8s.io/v1
                kind: {{(side.Key ? "Validating" : "Mutating")}}WebhookConfiguration
                metadata: { name: {{probe.Namespace}} }
                webhooks: [{{string.Join(", ", entries)}}]
                """);
            await set.InForceAsync(ready.Name);
        }

        return set;
    }

    /// <summary>What the webhook was asked, in order.</summary>
    internal IReadOnlyList<JsonObject> Requests(string name) => [.. _requests.GetValueOrDefault(name, [])];

    public async ValueTask DisposeAsync()
    {
        foreach (var validating in new[] { true, false })
        {
            await _probe.SendAsync(HttpMethod.Delete, $"{PathOf(validating)}/{_probe.Namespace}");
        }
    }

    private string Entry(Hook hook)
    {
        var path = $"/{_probe.Namespace}/{hook.Name}";
        _probe.Reviews.On(path, request =>
        {
            _requests.GetOrAdd(hook.Name, _ => []).Enqueue(request);
            return hook.Answer(request);
        });
        var url = hook.Raw ? Nobody : new Uri(_probe.Reviews.Address, path).ToString();
        return $"{{name: {hook.Name}.example.com, sideEffects: None, admissionReviewVersions: [v1], namespaceSelector: {{matchLabels: {{conformance: {_probe.Namespace}}}}}, "
            + $"clientConfig: {{url: '{url}', caBundle: {_probe.Reviews.CaBundle}}}, {(hook.More.Length > 0 ? $"{hook.More}, " : "")}"
            + $"rules: [{{operations: ['*'], apiGroups: ['*'], apiVersions: ['{hook.ApiVersion}'], resources: [{hook.Resources}]}}]}}";
    }

    private async Task InForceAsync(string ready)
    {
        const int Looks = 400;
        for (var look = 0; look < Looks && !_requests.ContainsKey(ready); look++)
        {
            await _probe.SendAsync(HttpMethod.Post, "configmaps?dryRun=All", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"look"}}""");
        }

        _requests.ShouldContainKey(ready);
    }
}
