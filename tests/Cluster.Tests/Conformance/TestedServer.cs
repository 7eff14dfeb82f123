using System.Text.Json.Nodes;

namespace CanaryFunctions.Cluster.Tests.Conformance;

/// <summary>A server that the behaviours are tried on, with the definitions that they use.</summary>
public abstract class TestedServer : IAsyncLifetime
{
    private ReviewServer? _reviews;
    private HttpClient? _http;

    /// <summary>Starts the server, and is null where it cannot be had.</summary>
    protected abstract Task<HttpClient?> StartAsync();

    protected abstract Task StopAsync();

    public async Task InitializeAsync()
    {
        _http = await StartAsync();
        if (_http is null)
        {
            return;
        }

        _reviews = await ReviewServer.StartAsync();
        var probe = new ApiProbe(_http, "default", _reviews);
        foreach (var definition in Definitions.All(_reviews))
        {
            await probe.MakeAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition.ToJsonString());
        }

        foreach (var plural in new[] { "widgets", "plains", "gadgets", "oldgadgets" })
        {
            await probe.UntilAsync(plural, a => a.Code == 200);
        }
    }

    public async Task DisposeAsync()
    {
        _http?.Dispose();
        await StopAsync();
        if (_reviews is not null)
        {
            await _reviews.DisposeAsync();
        }
    }

    /// <summary>The transcript of the behaviour, in a namespace of its own.</summary>
    internal async Task<string> TryAsync(Behaviour behaviour, int number)
    {
        var probe = new ApiProbe(_http!, $"conf-{number:000}", _reviews!);
        await probe.MakeAsync("/api/v1/namespaces", new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = probe.Namespace, ["labels"] = new JsonObject { ["conformance"] = probe.Namespace } },
        }.ToJsonString());
        await behaviour.Run(probe);
        return probe.Transcript;
    }
}
