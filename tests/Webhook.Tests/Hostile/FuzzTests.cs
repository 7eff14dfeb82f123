using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Webhook.Admission;
using CanaryFunctions.Webhook.Conversion;
using CanaryFunctions.Webhook.Hints;
using CanaryFunctions.Webhook.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Webhook.Tests.Hostile;

/// <summary>Spoiled reviews: each is answered, as a review or with a 4xx, and none is a fault.</summary>
public sealed class FuzzTests
{
    private const int Seed = 4_711;

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1_000 };

    private static readonly string[] Paths = ["/mutate", "/validate", "/detect", "/convert"];

    private static readonly JsonObject[] Good =
    [
        Reviews.Of("CREATE", Full()),
        Reviews.Of("UPDATE", Full(), Reviews.Canary()),
        Reviews.Of("DELETE", null, Reviews.Canary()),
        Reviews.Of("UPDATE", Reviews.Deployment("podinfo:2"), Reviews.Deployment()),
        Reviews.Of("CREATE", Reviews.Parse("""
            {"apiVersion":"flagger.app/v1beta1","kind":"MetricTemplate","metadata":{"name":"t","namespace":"test"},
             "spec":{"provider":{"type":"prometheus","address":"http://p:9090","secretRef":{"name":"s"}},"query":"sum(rate(x{app=\"{{ target }}\"}[{{ interval }}]))"}}
            """)),
        Reviews.Of("CREATE", Reviews.Parse("""
            {"apiVersion":"flagger.app/v1beta1","kind":"AlertProvider","metadata":{"name":"a","namespace":"test"},"spec":{"type":"slack","channel":"c","address":"https://x/y"}}
            """)),
        Reviews.Parse($$"""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"ConversionReview","request":{"uid":"u","desiredAPIVersion":"flagger.app/v1alpha3","objects":[{{Full().ToJsonString()}}] } }
            """),
    ];

    [Fact]
    public async Task Handlers_TwentyThousandSpoiledReviews_AreAllAnswered()
    {
        var handlers = Handlers();
        var (faults, answers) = (new ConcurrentQueue<string>(), new ConcurrentDictionary<int, int>());

        await Parallel.ForEachAsync(Enumerable.Range(0, 20_000), async (i, _) =>
        {
            var random = new Random(Seed + i);
            var path = Paths[random.Next(Paths.Length)];
            var body = Mutation.Of(Good[random.Next(Good.Length)], random);
            var http = Request(body);
            try
            {
                await handlers[path](http);
                answers.AddOrUpdate(http.Response.StatusCode, 1, (_, count) => count + 1);
                if (Verdicts.Of(http) == Verdicts.Failed && path != "/convert")
                {
                    faults.Enqueue($"case {i} at {path}: a fault was let through: {Shown(body)}");
                }

                Check(http, body).ForEach(fault => faults.Enqueue($"case {i} at {path}: {fault}: {Shown(body)}"));
            }
            catch (Exception e)
            {
                faults.Enqueue($"case {i} at {path}: {e.GetType().Name} {e.Message} {e.StackTrace?.Split('\n')[0]}: {Shown(body)}");
            }
        });

        faults.Take(3).ShouldBeEmpty($"{faults.Count} in all");
        answers.Keys.ShouldBe([200, 400], ignoreOrder: true);
        answers[200].ShouldBeGreaterThan(4_000, "spoiling must leave enough that is read to the end");
        answers[400].ShouldBeGreaterThan(4_000);
    }

    [Fact]
    public async Task Server_HundredsOfSpoiledReviews_LivesOn()
    {
        await using var webhook = await RunningWebhook.StartAsync();

        for (var i = 0; i < 300; i++)
        {
            var random = new Random(Seed - i);
            var body = Mutation.Of(Good[random.Next(Good.Length)], random);
            using var answer = await webhook.PostAsync(Paths[i % Paths.Length], body);
            ((int)answer.StatusCode).ShouldBeOneOf(200, 400);
        }

        (await webhook.AskAsync("/mutate", Reviews.Of("CREATE", Reviews.Canary()))).Flag("allowed").ShouldBe(true);
    }

    private static JsonObject Full()
    {
        var canary = Reviews.Canary();
        var spec = canary.Section("spec");
        spec["autoscalerRef"] = Reviews.Parse("""{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","name":"podinfo","primaryScalerReplicas":{"minReplicas":1,"maxReplicas":3}}""");
        spec["service"] = Reviews.Parse("""{"port":80,"targetPort":"http","gateways":["g"],"hosts":["h.example.com"],"retries":{"attempts":3},"match":[{"uri":{"prefix":"/"}}],"apex":{"labels":{"a":"b"}}}""");
        spec["analysis"] = Reviews.Parse("""
            {"interval":"10s","threshold":3,"maxWeight":50,"stepWeights":[1,10,50],"stepWeightPromotion":50,
             "match":[{"headers":{"x":{"exact":"y"}}}],
             "metrics":[{"name":"request-success-rate","interval":"1m","thresholdRange":{"min":99}},{"name":"own","templateRef":{"name":"t","namespace":"x"},"templateVariables":{"a":"b"},"thresholdRange":{"max":1}},
                        {"name":"inline","query":"sum(x)","threshold":5}],
             "webhooks":[{"name":"load","type":"rollout","url":"http://load/","timeout":"5s","metadata":{"cmd":"hey"}},{"name":"gate","type":"confirm-promotion","url":"http://gate/"}],
             "alerts":[{"name":"a","severity":"error","providerRef":{"name":"slack"}}]}
            """);
        return canary;
    }

    private static Dictionary<string, RequestDelegate> Handlers()
    {
        var services = RunningWebhook.Services(new LiveCluster(TimeProvider.System), new RecordingQueue());
        var index = services.GetRequiredService<TargetIndex>();
        index.Apply(new(WatchEventType.Added, Reviews.Canary()));
        var pump = new HintPump(
            new(10_000), new RecordingQueue(), new(new("fuzz")), TimeSpan.Zero, TimeProvider.System, NullLogger<HintPump>.Instance);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        IEndpointRouteBuilder routes = builder.Build();
        new AdmissionEndpoints(services.GetRequiredService<AdmissionPolicy>(), pump, null, NullLogger<AdmissionEndpoints>.Instance).Map(routes);
        new ConversionEndpoint(NullLogger<ConversionEndpoint>.Instance).Map(routes);
        return routes.DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>().ToDictionary(e => e.RoutePattern.RawText!, e => e.RequestDelegate!);
    }

    private static DefaultHttpContext Request(byte[] body)
    {
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpMaxRequestBodySizeFeature>(new NoLimit());
        (http.Request.Method, http.Request.ContentType, http.Request.ContentLength) = ("POST", "application/json", body.Length);
        http.Request.Body = new MemoryStream(body);
        http.Response.Body = new MemoryStream();
        return http;
    }

    private static List<string> Check(DefaultHttpContext http, byte[] sent)
    {
        var text = Encoding.UTF8.GetString(((MemoryStream)http.Response.Body).ToArray());
        if (http.Response.StatusCode != 200)
        {
            return http.Response.StatusCode == 400 && text.Length > 5 ? [] : [$"answered {http.Response.StatusCode} '{text}'"];
        }

        var answer = JsonNode.Parse(text, documentOptions: Deep);
        var response = answer?["response"];
        var faults = new List<string>();
        if (response.Text("uid") != JsonNode.Parse(sent, documentOptions: Deep)?["request"].Text("uid"))
        {
            faults.Add("the answer is for another review");
        }

        if (answer.Text("kind") == "AdmissionReview" && response.Flag("allowed") is var allowed && (allowed is null || (allowed == false && string.IsNullOrEmpty(response.Text("status", "message")))))
        {
            faults.Add($"neither allowed nor denied with a message: {text}");
        }

        if (response.Text("patch") is { } patch && JsonNode.Parse(Convert.FromBase64String(patch), documentOptions: Deep) is not JsonArray)
        {
            faults.Add("the patch is no patch");
        }

        return faults;
    }

    private static string Shown(byte[] body) => Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 3_000)));

    private sealed class NoLimit : IHttpMaxRequestBodySizeFeature
    {
        public bool IsReadOnly => false;

        public long? MaxRequestBodySize { get; set; }
    }
}
