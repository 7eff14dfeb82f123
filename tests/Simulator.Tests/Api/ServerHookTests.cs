using System.Net;
using System.Runtime.CompilerServices;
using CanaryFunctions.Simulator.Api;

namespace CanaryFunctions.Simulator.Tests.Api;

public sealed class ServerHookTests : ApiTest, IPodLogSource
{
    private Func<ApiRequest, Fault?> _faults = _ => null;

    protected override void Configure(ApiServerOptions options)
    {
        options.Faults = r => _faults(r);
        options.Logs = this;
    }

    public async IAsyncEnumerable<string> Read(PodLogQuery query, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.Yield();
        yield return $"{query.Namespace}/{query.Pod} tail {query.TailLines}";
        yield return "second";
    }

    [Fact]
    public async Task Requests_AreLoggedWithVerbUserAndStatus()
    {
        Server.ForgetRequests();
        await PostAsync(ConfigMaps, ConfigMap("a"));
        await GetAsync($"{ConfigMaps}/b");
        using var other = Server.CreateClient(Server.TokenFor(new ApiUser("system:serviceaccount:default:bot", ["system:authenticated"])));
        using var answer = await other.GetAsync(new Uri(ConfigMaps, UriKind.Relative), Deadline);

        Server.Requests.Select(r => (r.Verb, r.Resource, r.Name, r.User, r.Status)).ShouldBe(
        [
            ("create", "configmaps", "", "kubernetes-admin", 201),
            ("get", "configmaps", "b", "kubernetes-admin", 404),
            ("list", "configmaps", "", "system:serviceaccount:default:bot", 403),
        ]);
    }

    [Fact]
    public async Task Fault_DropBefore_LeavesNothingBehind()
    {
        _faults = r => r.IsWrite ? new Fault { DropBefore = true } : null;

        await Should.ThrowAsync<HttpRequestException>(() => PostAsync(ConfigMaps, ConfigMap("a")));
        (await GetAsync($"{ConfigMaps}/a")).Code.ShouldBe(404);
    }

    [Fact]
    public async Task Fault_DropAfter_HasAppliedTheWrite()
    {
        _faults = r => r.IsWrite ? new Fault { DropAfter = true } : null;

        await Should.ThrowAsync<HttpRequestException>(() => PostAsync(ConfigMaps, ConfigMap("a")));
        (await GetAsync($"{ConfigMaps}/a")).Code.ShouldBe(200);
    }

    [Fact]
    public async Task Fault_Status_IsAnsweredWithoutApplying()
    {
        _faults = r => r.IsWrite ? new Fault { Status = 503, RetryAfter = 1 } : null;
        var answer = await PostAsync(ConfigMaps, ConfigMap("a"));

        (answer.Code, answer.Reason).ShouldBe((503, "ServiceUnavailable"));
        (await GetAsync($"{ConfigMaps}/a")).Code.ShouldBe(404);
    }

    [Fact]
    public async Task Fault_Before_HoldsTheRequestUntilReleased()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _faults = r => r.IsWrite && r.Path == ConfigMaps ? new Fault { Before = _ => release.Task } : null;
        var held = PostAsync(ConfigMaps, ConfigMap("a"));
        (await GetAsync($"{ConfigMaps}/a")).Code.ShouldBe(404);
        release.SetResult();

        (await held).Code.ShouldBe(201);
    }

    [Fact]
    public async Task Logs_ComeFromTheSource()
    {
        const string Pods = "/api/v1/namespaces/default/pods";
        await CreateAsync(Pods, Yaml("{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}"));

        (await GetAsync($"{Pods}/p/log?tailLines=5")).Text.ShouldBe("default/p tail 5\nsecond\n");
        (await GetAsync($"{Pods}/p/log?container=x")).Message.ShouldBe("container x is not valid for pod p");
        (await GetAsync($"{Pods}/q/log")).Code.ShouldBe(404);
    }

    [Fact]
    public void Kubeconfig_NamesServerAndUser()
    {
        var config = Yaml(Server.Kubeconfig);

        ((string?)config["clusters"]![0]!["cluster"]!["server"]).ShouldBe(Server.Address.GetLeftPart(UriPartial.Authority));
        ((string?)config["users"]![0]!["name"], (string?)config["users"]![0]!["user"]!["token"]).ShouldBe(("admin", Server.Token));
    }

    [Fact]
    public async Task Http2_IsServed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/readyz") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await Client.SendAsync(request, Deadline);

        response.Version.ShouldBe(HttpVersion.Version20);
    }
}
