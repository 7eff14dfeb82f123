using System.Runtime.Versioning;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.TestKit;
using Microsoft.AspNetCore.Http;
using CoreObjects = CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Platform.Tests.Kubernetes;

/// <summary>Plugins are shell scripts here.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ExecCredentialsTests : IDisposable
{
    private const string V1 = "client.authentication.k8s.io/v1";

    private readonly TempFolder _folder = new();
    private readonly FakeClock _clock = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Prints a token that counts its calls.</summary>
    private static string Counting(string expires = "") => $$$"""
        echo x >> "$(dirname "$0")/calls"
        n=$(wc -l < "$(dirname "$0")/calls" | tr -d ' ')
        echo "{\"apiVersion\":\"{{{V1}}}\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"t$n\"{{{expires}}}}}"
        """;

    private KubernetesClient Client(string script, string server = "http://api.invalid", string extra = "", string apiVersion = V1)
        => KubernetesClient.FromKubeConfig(KubeConfigSource.FromText(Yaml(script, server, extra, apiVersion), _folder.Path), _clock);

    private string Yaml(string script, string server, string extra, string apiVersion)
    {
        File.SetUnixFileMode(_folder.Write("bin/plugin", $"#!/bin/sh\n{script}\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return $$"""
            current-context: x
            clusters: [{ name: c, cluster: { server: "{{server}}" } }]
            contexts: [{ name: x, context: { cluster: c, user: u } }]
            users: [{ name: u, user: { exec: { apiVersion: {{apiVersion}}, command: ./bin/plugin{{extra}} } } }]
            """;
    }

    private static IKubeCredentialSource Source(KubeConnection connection) => connection.Credentials!;

    private IKubeCredentialSource Source(string script, string extra = "", string apiVersion = V1)
        => Source(KubeConfig.Load(KubeConfigSource.FromText(Yaml(script, "https://api.example", extra, apiVersion), _folder.Path), _clock));

    private static async Task<string?> TokenAsync(IKubeCredentialSource source) => (await source.GetAsync(default)).Authorization;

    [Fact]
    public async Task Get_Twice_RunsThePluginOnce()
    {
        var source = Source(Counting());

        (await TokenAsync(source)).ShouldBe("Bearer t1");
        (await TokenAsync(source)).ShouldBe("Bearer t1");
    }

    [Fact]
    public async Task Get_AfterExpiry_RunsThePluginAgain()
    {
        var source = Source(Counting(""" ,\"expirationTimestamp\":\"2026-11-21T10:05:00Z\" """));

        (await TokenAsync(source)).ShouldBe("Bearer t1");
        _clock.Advance(TimeSpan.FromMinutes(4));
        (await TokenAsync(source)).ShouldBe("Bearer t1");
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await TokenAsync(source)).ShouldBe("Bearer t2");
    }

    [Fact]
    public async Task Get_ArgumentsAndVariables_ReachThePluginUnchanged()
    {
        // The token tells what the plugin saw.
        var source = Source(
            """
            echo "{\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"status\":{\"token\":\"$#|$1|$2|$WHO|$(echo $KUBERNETES_EXEC_INFO | tr -d '"')\"}}"
            """,
            ", args: [get-token, 'a b; $(id)'], env: [{ name: WHO, value: joe }], provideClusterInfo: true",
            "client.authentication.k8s.io/v1beta1");

        (await TokenAsync(source)).ShouldBe(
            "Bearer 2|get-token|a b; $(id)|joe|{apiVersion:client.authentication.k8s.io/v1beta1,kind:ExecCredential,spec:{interactive:false,cluster:{server:https://api.example}}}");
    }

    [Fact]
    public async Task Request_Answered401_RunsThePluginAgainOnce()
    {
        await using var server = await FakeServer.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Headers.Authorization == "Bearer t2" ? 200 : 401;
            return context.Response.WriteAsync("{}");
        });
        using var client = Client(Counting(), server.Url.ToString());

        (await client.GetAsync(new CoreObjects.ObjectRef(CoreObjects.Kinds.Service, "test", "a"), default)).ShouldNotBeNull();

        server.Requests.Select(r => r.Headers["Authorization"]).ShouldBe(["Bearer t1", "Bearer t2"]);
    }

    [Fact]
    public async Task Request_AlwaysAnswered401_EndsAfterTheSecond()
    {
        await using var server = await FakeServer.StartAsync(context =>
        {
            context.Response.StatusCode = 401;
            return context.Response.WriteAsync("""{"kind":"Status","reason":"Unauthorized","message":"Unauthorized"}""");
        });
        using var client = Client(Counting(), server.Url.ToString());

        var error = await Should.ThrowAsync<ClusterException>(() => client.GetAsync(new CoreObjects.ObjectRef(CoreObjects.Kinds.Service, "test", "a"), default));

        (error.StatusCode, error.Reason).ShouldBe((401, "Unauthorized"));
        server.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("echo no; echo 'login needed' >&2; exit 3", "ended with code 3: login needed")]
    [InlineData("echo hello", "did not print an ExecCredential in JSON")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"status\":{\"token\":\"secret\"}}'", "printed apiVersion 'client.authentication.k8s.io/v1beta1'")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{}}'", "printed neither status.token nor")]
    public async Task Get_PluginFails_SaysWhatWithoutSecrets(string script, string problem)
    {
        var error = await Should.ThrowAsync<KubeConfigException>(async () => await Source(script).GetAsync(default));

        error.Message.ShouldContain(problem);
        error.Message.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Get_PluginIsMissing_GivesTheHint()
    {
        var yaml = Yaml("", "https://api.example", ", installHint: get it from the shop", V1).Replace("./bin/plugin", "./bin/absent", StringComparison.Ordinal);
        var source = Source(KubeConfig.Load(KubeConfigSource.FromText(yaml, _folder.Path), _clock));

        (await Should.ThrowAsync<KubeConfigException>(async () => await source.GetAsync(default))).Message.ShouldEndWith("get it from the shop");
    }
}
