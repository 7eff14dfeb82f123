using System.Security.Cryptography.X509Certificates;
using System.Text;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Kubernetes;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Platform.Tests.Kubernetes;

/// <summary>Over real TLS connections.</summary>
public class KubeTransportTests
{
    private static readonly ObjectRef Any = new(Kinds.Service, "test", "a");

    private readonly Certificates _authority = new("cluster ca");

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static KubernetesClient Client(Uri server, string cluster, string user = "token: abc") => KubernetesClient.FromKubeConfig(
        KubeConfigSource.FromText($$"""
            current-context: x
            clusters: [{ name: c, cluster: { server: "{{server}}"{{cluster}} } }]
            contexts: [{ name: x, context: { cluster: c, user: u } }]
            users: [{ name: u, user: { {{user}} } }]
            """),
        TimeProvider.System,
        new KubernetesClientOptions { MaxAttempts = 1 });

    private static Task<FakeServer> ServeAsync(X509Certificate2 certificate) => FakeServer.StartAsync(
        context => context.Response.WriteAsync($$"""{"protocol":"{{context.Request.Protocol}}","client":"{{context.Connection.ClientCertificate?.Subject}}"}"""),
        certificate);

    private string Trust => $", certificate-authority-data: {Base64(_authority.AuthorityPem)}";

    [Fact]
    public async Task Request_ClusterAuthority_IsTrustedAndSpeaksHttp2()
    {
        using var certificate = _authority.Server();
        await using var server = await ServeAsync(certificate);
        using var client = Client(server.Url, Trust);

        var answer = await client.GetAsync(Any, default);

        answer.Text("protocol").ShouldBe("HTTP/2");
        server.Requests[0].Headers["Authorization"].ShouldBe("Bearer abc");
        server.Requests[0].Headers["User-Agent"].ShouldStartWith("canary-functions/");
    }

    [Fact]
    public async Task Request_AnotherAuthority_IsRefusedAndTheTokenStays()
    {
        using var certificate = new Certificates("cluster ca").Server();
        await using var server = await ServeAsync(certificate);
        using var client = Client(server.Url, Trust);

        var error = await Should.ThrowAsync<ClusterException>(() => client.GetAsync(Any, default));

        error.StatusCode.ShouldBe(0);
        error.Message.ShouldEndWith("the server's certificate is not trusted");
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Request_CertificateForAnotherName_IsRefusedUnlessThatNameIsAskedFor()
    {
        using var certificate = _authority.Server("api.internal");
        await using var server = await ServeAsync(certificate);
        using var plain = Client(server.Url, Trust);
        using var named = Client(server.Url, $"{Trust}, tls-server-name: api.internal");

        await Should.ThrowAsync<ClusterException>(() => plain.GetAsync(Any, default));
        (await named.GetAsync(Any, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Request_InsecureSkipTlsVerify_TrustsAnything()
    {
        using var certificate = new Certificates("other").Server();
        await using var server = await ServeAsync(certificate);
        using var client = Client(server.Url, ", insecure-skip-tls-verify: true");

        (await client.GetAsync(Any, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Request_ClientCertificate_IsShown()
    {
        using var certificate = _authority.Server();
        using var joe = _authority.Client("joe");
        await using var server = await ServeAsync(certificate);
        var user = $"client-certificate-data: {Base64(joe.ExportCertificatePem())}, client-key-data: {Base64(joe.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem())}";
        using var client = Client(server.Url, Trust, user);

        (await client.GetAsync(Any, default)).Text("client").ShouldBe("CN=joe");
    }

    [Fact]
    public async Task Request_NobodyListens_SaysSo()
    {
        Uri gone;
        await using (var server = await FakeServer.StartAsync(_ => Task.CompletedTask))
        {
            gone = server.Url;
        }

        using var client = Client(gone, "");

        (await Should.ThrowAsync<ClusterException>(() => client.GetAsync(Any, default))).Message.ShouldEndWith(": connection refused");
    }
}
