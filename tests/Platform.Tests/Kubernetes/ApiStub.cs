using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Platform.Kubernetes;

namespace CanaryFunctions.Platform.Tests.Kubernetes;

/// <summary>Stands in the client's pipeline in place of the network: answers as the test says, remembers what was asked.</summary>
internal sealed class ApiStub(Func<ApiStub.Asked, HttpResponseMessage> answer) : DelegatingHandler
{
    private readonly List<Asked> _requests = [];

    public IReadOnlyList<Asked> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public IEnumerable<string> Lines => Requests.Select(r => r.Line);

    /// <summary>A client that talks to this stub, with waits of a millisecond.</summary>
    public KubernetesClient Client(TimeProvider? time = null) => new(
        new KubeConnection(new Uri("http://api.example")),
        time ?? TimeProvider.System,
        new KubernetesClientOptions { Handlers = [this], RetryDelay = TimeSpan.FromMilliseconds(1), MaxAttempts = 3 });

    public static HttpResponseMessage Json(string body, int status = 200)
        => new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    public static HttpResponseMessage Json(JsonObject body, int status = 200) => Json(body.ToJsonString(), status);

    public static HttpResponseMessage Status(int code, string reason, string message)
        => Json(new JsonObject { ["kind"] = "Status", ["reason"] = reason, ["message"] = message, ["code"] = code }, code);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : JsonNode.Parse(await request.Content.ReadAsStringAsync(cancellationToken)) as JsonObject;
        var asked = new Asked(
            request.Method.Method,
            request.RequestUri!.PathAndQuery,
            request.Headers.Accept.ToString(),
            request.Content?.Headers.ContentType?.ToString(),
            body);
        lock (_requests)
        {
            _requests.Add(asked);
        }

        return answer(asked);
    }

    internal sealed record Asked(string Method, string Path, string Accept, string? ContentType, JsonObject? Body)
    {
        public string Line => $"{Method} {Path}";
    }
}
