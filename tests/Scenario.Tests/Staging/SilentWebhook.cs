using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>Somebody else's admission webhook, which never answers: the API server waits a second for it, and only then stores what ours has long seen.</summary>
internal sealed class SilentWebhook(IClusterClient client) : IAsyncDisposable
{
    private const string Name = "silent";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    internal static async Task<SilentWebhook> RegisterAsync(IClusterClient client)
    {
        var webhook = new SilentWebhook(client);
        webhook._listener.Start();
        await client.CreateAsync(Kinds.ValidatingWebhookConfiguration, webhook.Configuration(), CancellationToken.None);
        return webhook;
    }

    public async ValueTask DisposeAsync()
    {
        await client.DeleteAsync(new(Kinds.ValidatingWebhookConfiguration, null, Name), new(), CancellationToken.None);
        _listener.Dispose();
    }

    private JsonObject Configuration() => (JsonObject)JsonNode.Parse($$"""
        {
          "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration", "metadata": {"name": "{{Name}}"},
          "webhooks": [{
            "name": "silent.example.com", "clientConfig": {"url": "https://{{_listener.LocalEndpoint}}/"}, "failurePolicy": "Ignore", "timeoutSeconds": 1,
            "rules": [{"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["UPDATE"], "resources": ["deployments"]}],
            "sideEffects": "None", "admissionReviewVersions": ["v1"]
          }]
        }
        """)!;
}
