using System.Net.Http.Headers;
using System.Text;
using CanaryFunctions.Simulator.Api.OpenApi;

namespace CanaryFunctions.Simulator.Tests.Api;

public sealed class ProtobufTests : ApiTest
{
    [Fact]
    public async Task Namespace_InProtobuf_IsCreatedAndAnsweredInJson()
    {
        var metadata = new WireWriter().Text(1, "test").Text(3, "").Message(11, new WireWriter().Text(1, "team").Text(2, "a"));
        using var response = await SendAsync("/api/v1/namespaces", "v1", "Namespace", new WireWriter().Message(1, metadata).Message(2, new WireWriter()));

        ((int)response.StatusCode).ShouldBe(201);
        ((string?)(await GetAsync("/api/v1/namespaces/test")).Json["metadata"]!["labels"]!["team"]).ShouldBe("a");
    }

    [Fact]
    public async Task ConfigMap_InProtobuf_KeepsItsData()
    {
        var message = new WireWriter().Message(1, new WireWriter().Text(1, "a")).Message(2, new WireWriter().Text(1, "k").Text(2, "v"));
        using var response = await SendAsync(ConfigMaps, "v1", "ConfigMap", message);

        ((string?)(await GetAsync($"{ConfigMaps}/a")).Json["data"]!["k"]).ShouldBe("v");
    }

    [Fact]
    public async Task OtherKind_InProtobuf_Is415NamingWhatIsAccepted()
    {
        using var response = await SendAsync("/apis/networking.k8s.io/v1/namespaces/default/ingresses", "networking.k8s.io/v1", "Ingress", new WireWriter());

        ((int)response.StatusCode).ShouldBe(415);
        (await response.Content.ReadAsStringAsync(Deadline)).ShouldContain("application/json");
    }

    [Fact]
    public async Task FieldThatIsNotUnderstood_IsRefusedRatherThanDropped()
    {
        var template = new WireWriter().Message(2, new WireWriter().Message(2, new WireWriter().Text(1, "c").Text(2, "i")).Text(6, "ClusterFirst"));
        using var response = await SendAsync(Deployments, "apps/v1", "Deployment", new WireWriter().Message(1, new WireWriter().Text(1, "d")).Message(2, new WireWriter().Message(3, template)));

        ((int)response.StatusCode).ShouldBe(400);
        (await response.Content.ReadAsStringAsync(Deadline)).ShouldContain("field 6");
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string apiVersion, string kind, WireWriter message)
    {
        var envelope = new WireWriter().Message(1, new WireWriter().Text(1, apiVersion).Text(2, kind)).Message(2, message);
        using var content = new ByteArrayContent([.. Encoding.ASCII.GetBytes("k8s\0"), .. envelope.ToArray()]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.kubernetes.protobuf");
        return await Client.PostAsync(new Uri(path, UriKind.Relative), content, Deadline);
    }
}
