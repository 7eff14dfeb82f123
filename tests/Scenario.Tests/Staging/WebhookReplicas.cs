using System.Collections.Concurrent;
using System.Net;
using System.Text;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Http;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Platform.Queues.InProcess;
using CanaryFunctions.Providers;
using CanaryFunctions.Simulator.Api;
using CanaryFunctions.Simulator.Api.Crds;
using CanaryFunctions.Webhook;
using CanaryFunctions.Webhook.Certificates;
using Microsoft.Extensions.DependencyInjection;
using ServiceAddress = CanaryFunctions.Simulator.Api.ServiceAddress;

namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>An API server, and replicas of the webhook as they run in its cluster: behind a Service, with one Secret, under the account's rights.</summary>
internal sealed class WebhookReplicas : IAsyncDisposable
{
    internal const string Host = $"canary-webhook.{ProductAccess.Namespace}.svc";

    internal static readonly ObjectRef Secret = new(Kinds.Secret, ProductAccess.Namespace, "canary-webhook-certificate");
    internal static readonly ObjectRef Validating = new(Kinds.ValidatingWebhookConfiguration, null, "canary-functions-validate");

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Replica> _running = new();
    private int _turn;

    private WebhookReplicas()
    {
    }

    internal ApiServer Server { get; private set; } = null!;

    /// <summary>A person with all rights.</summary>
    internal KubernetesClient Person { get; private set; } = null!;

    /// <summary>Ports of the replicas behind the Service.</summary>
    internal IReadOnlyList<int> Ports => [.. _running.Values.Select(r => r.Server.Address.Port)];

    internal static async Task<WebhookReplicas> StartAsync()
    {
        var replicas = new WebhookReplicas();
        replicas.Server = await ApiServer.StartAsync(
            new()
            {
                InitialObjects = [.. EmbeddedCrds.All(), KubeObject.New(Kinds.Namespace, null, ProductAccess.Namespace), .. ProductAccess.Base()],
                ResolveService = (service, _) => ValueTask.FromResult(replicas.Resolve(service)),
            },
            CancellationToken.None);
        replicas.Person = KubernetesClient.FromKubeConfig(KubeConfigSource.FromText(replicas.Server.Kubeconfig), TimeProvider.System);
        return replicas;
    }

    /// <summary>A further replica, which serves when this returns.</summary>
    /// <param name="late">How long after the others it reads what is in Secrets.</param>
    internal async Task<WebhookServer> AddAsync(string name, CertificateOptions? certificates = null, TimeSpan late = default)
    {
        var services = Services(late);
        var options = new WebhookOptions
        {
            Outside = false,
            OwnNamespace = ProductAccess.Namespace,
            Hosts = [Host],
            Identity = name,
            Resync = TimeSpan.FromMilliseconds(500),
            Gather = TimeSpan.FromMilliseconds(10),
            DrainDelay = TimeSpan.FromMilliseconds(200),
            Certificates = (certificates ?? new()) with { Propagation = 2 * AdmissionTraffic.Staleness, ReplicaTimeout = TimeSpan.FromSeconds(10) },
        };
        var server = await WebhookServer.StartAsync(options, services, CancellationToken.None);
        _running[name] = new(server, services);
        return server;
    }

    /// <summary>As a pod is taken out of its Service and then told to end.</summary>
    internal async Task RemoveAsync(string name)
    {
        if (_running.TryRemove(name, out var replica))
        {
            await replica.DisposeAsync();
        }
    }

    /// <summary>What an API server trusts, as the configuration says now.</summary>
    internal async Task<string> BundleAsync()
    {
        var stored = await Person.GetAsync(Validating, CancellationToken.None);
        return Encoding.UTF8.GetString(Convert.FromBase64String(stored.ListAt("webhooks").First().Text("clientConfig", "caBundle") ?? ""));
    }

    /// <summary>Until a single CA is trusted again that was none of these, and every replica says that it is ready.</summary>
    internal async Task<string> UntilChangedAsync(params string[] former)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Limit;
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while (await clock.WaitForNextTickAsync())
        {
            var bundle = await BundleAsync();
            if (Certificates(bundle) == 1 && !former.Contains(bundle) && _running.Values.All(r => r.Server.CaCertificate == bundle))
            {
                return bundle;
            }

            TimeProvider.System.GetUtcNow().ShouldBeLessThan(deadline, $"{Certificates(bundle)} CAs are trusted, {(former.Contains(bundle) ? "the former" : "new")}");
        }

        return "";
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _running.Keys)
        {
            await RemoveAsync(name);
        }

        Person.Dispose();
        await Server.DisposeAsync();
    }

    private static int Certificates(string bundle) => bundle.Split("BEGIN CERTIFICATE").Length - 1;

    private IPEndPoint? Resolve(ServiceAddress service)
        => service is { Name: "canary-webhook", Namespace: ProductAccess.Namespace } && Ports is { Count: > 0 } ports
            ? new(IPAddress.Loopback, ports[(int)((uint)Interlocked.Increment(ref _turn) % ports.Count)])
            : null;

    private ServiceProvider Services(TimeSpan late) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(new CanaryOptions())
        .AddSingleton<IHttpCaller>(_ => new HttpCaller(TimeProvider.System))
        .AddSingleton<IClusterClient>(_ => KubernetesClient.FromKubeConfig(KubeConfigSource.FromText(Server.KubeconfigFor(Playground.ProductUser)), TimeProvider.System, new() { Handlers = [new LateSecrets(late)] }))
        .AddSingleton<IStepQueue>(_ => new InProcessQueue(TimeProvider.System))
        .AddProviders()
        .AddCanaryWebhook()
        .BuildServiceProvider();

    /// <summary>A replica that a busy network keeps behind the others.</summary>
    private sealed class LateSecrets(TimeSpan delay) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath.Contains("/secrets", StringComparison.Ordinal))
            {
                await Task.Delay(delay, TimeProvider.System, cancellationToken);
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Replica(WebhookServer server, ServiceProvider services) : IAsyncDisposable
    {
        public WebhookServer Server => server;

        public async ValueTask DisposeAsync()
        {
            await server.DisposeAsync();
            await services.DisposeAsync();
        }
    }
}
