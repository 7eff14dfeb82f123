using System.Net;
using System.Text.Json.Nodes;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Conversion;
using CanaryFunctions.Core.Engine.Checks;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Prometheus.Tests.History;
using CanaryFunctions.Providers;
using CanaryFunctions.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Prometheus.Tests.Queries;

/// <summary>
/// The queries that the product sends, taken off its own requests: built-in checks of every registered provider, every metric template under <c>examples/</c>,
/// inline queries of the Canaries there, and the probe.
/// </summary>
internal static class ProductQueries
{
    private static readonly string[] Intervals = ["30s", "1m", "5m"];

    private static readonly (string File, JsonObject Object)[] Examples =
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "examples"), "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .SelectMany(f => YamlText.ReadAll(File.ReadAllText(f)).OfType<JsonObject>().Select(o => (Path.GetRelativePath(AppContext.BaseDirectory, f), o))),
    ];

    /// <summary>Names of the providers, of the example files with templates, and the like.</summary>
    public static IEnumerable<string> Sources => [.. Providers, .. Templates.Select(t => t.File)];

    public static IReadOnlyList<string> Providers { get; } = ProviderNames();

    public static IEnumerable<(string File, JsonObject Template)> Templates => Examples.Where(e => e.Object.Text("kind") == Kinds.MetricTemplate.Kind);

    public static async Task<IReadOnlyList<TestQuery>> AllAsync()
    {
        var queries = new List<TestQuery>();
        foreach (var workload in RecordedHistory.Workloads)
        {
            foreach (var interval in Intervals)
            {
                foreach (var provider in Providers)
                {
                    queries.AddRange(await SentAsync(provider, CanaryOf(workload, provider, new JsonObject { ["name"] = MetricSpec.SuccessRate, ["interval"] = interval })));
                    queries.AddRange(await SentAsync(provider, CanaryOf(workload, provider, new JsonObject { ["name"] = MetricSpec.Duration, ["interval"] = interval })));
                }

                foreach (var (file, template) in Templates)
                {
                    var reference = new JsonObject { ["name"] = template.Name(), ["namespace"] = template.Namespace() };
                    queries.AddRange(await SentAsync(file, CanaryOf(workload, "skipper", new JsonObject { ["name"] = "custom", ["interval"] = interval, ["templateRef"] = reference }), template));
                }
            }
        }

        foreach (var (file, canary) in Examples.Where(e => e.Object.Text("kind") == Kinds.Canary.Kind))
        {
            var stored = canary.Text("apiVersion") == Kinds.Canary.ApiVersion ? canary : CanaryConversion.ToV1Beta1(canary);
            queries.AddRange(await SentAsync(file, stored, [.. Templates.Select(t => t.Template)]));
        }

        return queries;
    }

    private static IReadOnlyList<string> ProviderNames()
    {
        using var services = Services(new RecordingCaller());
        return [.. services.GetRequiredService<Catalog<IBuiltInChecks>>().Names];
    }

    private static JsonObject CanaryOf(Workload workload, string provider, JsonObject metric) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = workload.Target, ["namespace"] = workload.Namespace },
        ["spec"] = new JsonObject
        {
            ["provider"] = provider,
            ["targetRef"] = new JsonObject { ["name"] = workload.Target },
            ["ingressRef"] = new JsonObject { ["name"] = workload.Ingress },
            ["service"] = new JsonObject { ["name"] = workload.Service, ["port"] = workload.Port },
            ["analysis"] = new JsonObject { ["metrics"] = new JsonArray(metric) },
        },
    };

    private static async Task<IReadOnlyList<TestQuery>> SentAsync(string source, JsonObject canaryObject, params JsonObject[] templates)
    {
        var http = new RecordingCaller();
        await using var services = Services(http);
        var cluster = new FakeCluster(TimeProvider.System);
        foreach (var template in templates)
        {
            cluster.Put(Kinds.MetricTemplate, template);
        }

        // Guides whose Canary names no provider have it from the install; their folders are named after it.
        var options = new CanaryOptions { MeshProvider = Path.GetFileName(Path.GetDirectoryName(source))?.Replace('-', ':') };
        var canary = Canary.From(canaryObject);
        var checker = new MetricChecker(cluster, services.GetRequiredService<Catalog<IBuiltInChecks>>(), services.GetRequiredService<Catalog<IMetricProvider>>(), options);
        var answers = await checker.MeasureAsync(canary, canary.Spec.Analysis.Metrics, CancellationToken.None);
        answers.ShouldAllBe(a => !a.IsImpossible, source);
        await checker.ProbeAsync(canary, canary.Spec.Analysis.Metrics, CancellationToken.None);
        return [.. http.Queries.Select(q => new TestQuery(q, source))];
    }

    private static ServiceProvider Services(IHttpCaller http) => new ServiceCollection().AddLogging().AddSingleton(http).AddProviders().BuildServiceProvider();

    /// <summary>Keeps what is asked, and knows nothing.</summary>
    private sealed class RecordingCaller : IHttpCaller
    {
        private const string Parameter = "?query=";

        public List<string> Queries { get; } = [];

        public Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct)
        {
            call.Url.Query.ShouldStartWith(Parameter);
            Queries.Add(WebUtility.UrlDecode(call.Url.Query[Parameter.Length..]));
            return Task.FromResult(new HttpAnswer(200, """{"status":"success","data":{"resultType":"vector","result":[]}}"""));
        }
    }
}
