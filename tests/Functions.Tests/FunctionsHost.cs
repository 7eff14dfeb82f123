using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Hosting;
using CanaryFunctions.Providers;
using CanaryFunctions.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Functions.Tests;

/// <summary>Stands where the Azure Functions host stands: posts invocations to the server that the functions run behind. Cluster, queue and chat are fakes.</summary>
internal sealed class FunctionsHost : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly ServiceProvider _services;
    private readonly CustomHandlerServer _server;

    private FunctionsHost()
    {
        Cluster = new(Clock);
        Queue = new(Clock);
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton(new CanaryOptions { MeshProvider = "skipper", SlackUrl = "http://chat/slack" })
            .AddSingleton<IClusterClient>(Cluster)
            .AddSingleton<IStepQueue>(Queue)
            .AddSingleton<IHttpCaller>(Chat)
            .AddProviders()
            .AddCanaryCore()
            .AddCanaryFunctions()
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        _server = new(
            _services.GetRequiredService<FunctionRegistry>(), _services, new CustomHandlerOptions { Port = 0 }, new(), Clock,
            _services.GetRequiredService<ILoggerFactory>());
    }

    internal static ObjectRef CanaryRef { get; } = new(Kinds.Canary, "test", "podinfo");

    internal FakeClock Clock { get; } = new();

    internal FakeCluster Cluster { get; }

    internal FakeQueue Queue { get; }

    internal FakeChat Chat { get; } = new();

    internal IServiceProvider Services => _services;

    internal Core.Canaries.CanaryStatus Status => Core.Canaries.Canary.From(Cluster.Peek(CanaryRef)!).Status;

    internal static async Task<FunctionsHost> StartAsync()
    {
        var host = new FunctionsHost();
        await host._server.StartAsync(CancellationToken.None);
        return host;
    }

    /// <summary>Posts the invocation of a file in testdata/invocations.</summary>
    internal async Task<Answer> InvokeAsync(string function, string invocation)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "testdata", "invocations", $"{invocation}.json"));
        using var body = new StringContent(text, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, Url(function)) { Content = body };
        request.Headers.Add("X-Azure-Functions-InvocationId", "0c6f2c0e-8c0a-4a5b-9a0d-3c7f0a2f9b11");
        using var response = await _http.SendAsync(request);
        return new(response.StatusCode, response.Content.Headers.ContentType?.MediaType, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    internal async Task<HttpStatusCode> PingAsync()
    {
        using var response = await _http.GetAsync(Url(""));
        return response.StatusCode;
    }

    /// <summary>The guide's application with a Canary that has no metrics.</summary>
    internal void PutApplication(Action<JsonObject>? edit = null)
    {
        foreach (var file in (string[])["deployment", "ingress", "canary"])
        {
            var obj = (JsonObject)YamlText.Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "testdata", "objects", $"{file}.yaml")))!;
            var kind = file switch { "deployment" => Kinds.Deployment, "ingress" => Kinds.Ingress, _ => Kinds.Canary };
            if (kind == Kinds.Canary)
            {
                edit?.Invoke(obj);
            }

            Cluster.Put(kind, obj);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
        await _services.DisposeAsync();
        _http.Dispose();
    }

    private Uri Url(string function) => new($"http://127.0.0.1:{_server.Port}/{function}");
}

/// <summary>What the Functions host gets.</summary>
internal sealed record Answer(HttpStatusCode Status, string? ContentType, JsonNode Body)
{
    /// <summary>2xx, JSON, not empty: anything else fails the invocation, or hangs it until the host's timeout.</summary>
    internal void ShouldBeDone()
    {
        Status.ShouldBe(HttpStatusCode.OK);
        ContentType.ShouldBe("application/json");
        Body.ToJsonString().ShouldBe("""{"Outputs":{},"Logs":[],"ReturnValue":null}""");
    }

    /// <summary>The message comes again.</summary>
    internal void ShouldBeFailed()
    {
        Status.ShouldBe(HttpStatusCode.InternalServerError);
        ContentType.ShouldBe("application/json");
        Body.ToJsonString().ShouldBe("{}");
    }
}

/// <summary>Answers every call, and keeps it.</summary>
internal sealed class FakeChat : IHttpCaller
{
    private readonly ConcurrentQueue<HttpCall> _calls = new();

    internal IReadOnlyCollection<HttpCall> Calls => _calls;

    internal HttpAnswer Says { get; set; } = new(200, "ok");

    public Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct)
    {
        _calls.Enqueue(call);
        return Task.FromResult(Says);
    }
}
