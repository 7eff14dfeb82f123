using System.Globalization;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Webhook.Tests.Metrics;

public sealed class MetricsEndpointTests
{
    [Fact]
    public async Task Metrics_AfterRequests_CountThemByEndpointAndVerdict()
    {
        await using var webhook = await RunningWebhook.StartAsync();
        var bad = Reviews.Canary();
        bad["spec"]!["analysis"]!["threshold"] = -1;
        await webhook.AskAsync("/mutate", Reviews.Of("CREATE", Reviews.Canary()));
        await webhook.AskAsync("/mutate", Reviews.Of("CREATE", bad));
        await webhook.AskAsync("/validate", Reviews.Of("CREATE", Reviews.Canary()));
        (await webhook.PostAsync("/detect", "{"u8.ToArray())).Dispose();
        (await webhook.Client.GetAsync("/%22strange%22")).Dispose();

        // An answer is out a moment before it is counted.
        await Eventually.IsTrueAsync(async () => (await ScrapeAsync(webhook)).Count(l => l.StartsWith("canary_webhook_requests_total", StringComparison.Ordinal)) == 5);
        var lines = await ScrapeAsync(webhook);
        lines.ShouldContain("""canary_webhook_requests_total{endpoint="mutate",verdict="allowed"} 1""");
        lines.ShouldContain("""canary_webhook_requests_total{endpoint="mutate",verdict="denied"} 1""");
        lines.ShouldContain("""canary_webhook_requests_total{endpoint="validate",verdict="allowed"} 1""");
        lines.ShouldContain("""canary_webhook_requests_total{endpoint="detect",verdict="refused"} 1""");
        lines.ShouldContain("""canary_webhook_requests_total{endpoint="other",verdict="refused"} 1""");
        lines.ShouldContain("""canary_webhook_request_duration_seconds_count{endpoint="mutate",verdict="denied"} 1""");
        lines.ShouldContain("""canary_webhook_request_duration_seconds_bucket{endpoint="mutate",verdict="denied",le="+Inf"} 1""");
        lines.ShouldContain("""flagger_info{version="0.1.0",mesh_provider=""} 1""");
    }

    [Fact]
    public async Task Metrics_QueueThatFailsThenWorks_CountsBoth()
    {
        await using var webhook = await RunningWebhook.StartAsync(prepare: c => c.Put(Kinds.Canary, Reviews.Canary()));
        webhook.Queue.Before = _ => throw new InvalidOperationException("down");
        await webhook.AskAsync("/detect", Reviews.Of("UPDATE", Reviews.Deployment("podinfo:2"), Reviews.Deployment()));
        await Eventually.IsTrueAsync(async () => (await ScrapeAsync(webhook)).Contains("""canary_webhook_hints_total{result="failed"} 1"""));

        webhook.Queue.Before = null;
        await webhook.AskAsync("/detect", Reviews.Of("UPDATE", Reviews.Deployment("podinfo:3"), Reviews.Deployment(), uid: "two"));

        await Eventually.IsTrueAsync(async () => (await ScrapeAsync(webhook)).Contains("""canary_webhook_hints_total{result="sent"} 1"""));
    }

    [Fact]
    public async Task Metrics_Certificate_TellsAgeAndEnd()
    {
        await using var webhook = await RunningWebhook.StartAsync();

        var lines = await ScrapeAsync(webhook);

        var end = Value(lines, "canary_webhook_certificate_expiry_timestamp_seconds");
        DateTimeOffset.FromUnixTimeSeconds((long)end).ShouldBe(TimeProvider.System.GetUtcNow().AddDays(365), TimeSpan.FromMinutes(1));
        Value(lines, "canary_webhook_certificate_age_seconds").ShouldBeInRange(3_600, 3_700, "it is dated back by an hour");
    }

    [Fact]
    public async Task Metrics_TwoReplicas_TellTheSameOfCanaries()
    {
        await using var first = await RunningWebhook.StartAsync(prepare: c => c.Put(Kinds.Canary, Reviews.Canary()));
        await using var second = await RunningWebhook.StartAsync(cluster: first.Cluster);
        first.Cluster.Change(new(Kinds.Canary, "test", "podinfo"), c => c["status"] = Reviews.Parse("""{"phase":"Progressing","canaryWeight":30}"""));

        foreach (var webhook in (RunningWebhook[])[first, second])
        {
            await Eventually.IsTrueAsync(async () => (await ScrapeAsync(webhook)).Contains("""flagger_canary_weight{workload="podinfo",namespace="test"} 30"""));
        }

        (await CanariesAsync(first)).ShouldBe(await CanariesAsync(second));
    }

    private static async Task<string[]> CanariesAsync(RunningWebhook webhook)
        => [.. (await ScrapeAsync(webhook)).Where(l => l.StartsWith("flagger_", StringComparison.Ordinal) || (l.StartsWith("canary_", StringComparison.Ordinal) && !l.StartsWith("canary_webhook_", StringComparison.Ordinal)))];

    private static async Task<string[]> ScrapeAsync(RunningWebhook webhook)
    {
        using var answer = await webhook.Health.GetAsync("/metrics");
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        return (await answer.Content.ReadAsStringAsync()).Split('\n');
    }

    private static double Value(string[] lines, string name)
        => double.Parse(lines.Single(l => l.StartsWith($"{name} ", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
}
