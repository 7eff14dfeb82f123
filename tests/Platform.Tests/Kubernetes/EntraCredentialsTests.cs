using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.TestKit;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Platform.Tests.Kubernetes;

/// <summary>AKS with Entra ID (contracts/azure-keda.md 5.1), against an API server that knows good tokens.</summary>
public sealed class EntraCredentialsTests : IAsyncLifetime
{
    private static readonly ObjectRef Any = new(Kinds.Service, "test", "a");

    private readonly FakeClock _clock = new();
    private readonly HashSet<string> _good = [];
    private FakeTokens _tokens = null!;
    private FakeServer _server = null!;

    public async Task InitializeAsync()
    {
        _tokens = new(_clock);
        _server = await FakeServer.StartAsync(context =>
        {
            context.Response.StatusCode = _good.Contains(context.Request.Headers.Authorization.ToString()) ? 200 : 401;
            return context.Response.WriteAsync("{}");
        });
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private IEnumerable<string> Shown => _server.Requests.Select(r => r.Headers["Authorization"]);

    [Fact]
    public async Task Requests_ShowATokenForAks_AndKeepItUntilShortlyBeforeItsEnd()
    {
        _good.UnionWith(["Bearer token-1", "Bearer token-2"]);
        using var client = Client(new() { Server = _server.Url });

        await client.GetAsync(Any, default);
        _clock.Advance(TimeSpan.FromMinutes(54));
        await client.GetAsync(Any, default);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await client.GetAsync(Any, default);

        Shown.ShouldBe(["Bearer token-1", "Bearer token-1", "Bearer token-2"]);
        _tokens.Scopes.Distinct().ShouldBe(["6dae42f8-4368-4678-94ff-3960e28e3630/.default"]);
    }

    [Fact]
    public async Task Status401_AsksForANewTokenOnce()
    {
        _good.Add("Bearer token-2");
        using var client = Client(new() { Server = _server.Url });

        await client.GetAsync(Any, default);
        Shown.ShouldBe(["Bearer token-1", "Bearer token-2"]);

        _good.Clear();
        (await Should.ThrowAsync<ClusterException>(() => client.GetAsync(Any, default))).StatusCode.ShouldBe(401);
        Shown.ShouldBe(["Bearer token-1", "Bearer token-2", "Bearer token-2", "Bearer token-3"]);
    }

    [Fact]
    public async Task NoToken_IsAFailureThatPasses_AndNamesTheSetting()
    {
        _tokens.Fails = true;
        using var client = Client(new() { Server = _server.Url, Place = "CLUSTERS__east", EntraScope = "api://other/.default" });

        var error = await Should.ThrowAsync<ClusterException>(() => client.GetAsync(Any, default));

        error.IsTransient.ShouldBeTrue();
        error.Message.ShouldEndWith(": CLUSTERS__east: no token of Entra ID for api://other/.default: the identity service is down");
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task KubeConfig_KeepsItsCluster_AndItsUserIsNotLookedAt()
    {
        _good.Add("Bearer token-1");
        using var client = Client(new()
        {
            KubeConfigText = $$"""
                current-context: aks
                clusters: [{ name: c, cluster: { server: "{{_server.Url}}" } }]
                contexts: [{ name: aks, context: { cluster: c, user: u, namespace: shop } }]
                users: [{ name: u, user: { exec: { apiVersion: client.authentication.k8s.io/v9, command: kubelogin, interactiveMode: Always } } }]
                """,
        });

        await client.GetAsync(Any, default);

        client.Namespace.ShouldBe("shop");
        Shown.ShouldBe(["Bearer token-1"]);
    }

    private KubernetesClient Client(KubernetesOptions options) => KubernetesRegistration.Choose(
        options with { Entra = _tokens, Client = new() { MaxAttempts = 1 } }, _ => null, _clock);
}
