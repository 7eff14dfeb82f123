using System.Net;
using System.Text.RegularExpressions;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Webhook.Tests.Health;

public sealed partial class HealthTests
{
    [Fact]
    public async Task Readyz_AllThere_SaysSoPartByPart()
    {
        await using var webhook = await RunningWebhook.StartAsync();

        var (status, body) = await ReadyAsync(webhook);

        status.ShouldBe(HttpStatusCode.OK);
        Times().Replace(body, "TIME").ShouldBe(
            """
            [+]certificate ok: until TIME
            [+]api-server ok: answered at TIME
            [+]index ok: all lists are read
            [+]registration ok: stands
            [+]queue ok: nothing sent yet
            [+]shutdown ok: not asked for
            readyz check passed

            """);
        (await webhook.Health.GetStringAsync("/healthz")).ShouldBe("ok");
    }

    [Fact]
    public async Task Readyz_IndexNotFilled_IsNotReadyAndReviewsAreAllowed()
    {
        var options = new WebhookOptions { Settle = TimeSpan.Zero, IndexPatience = TimeSpan.FromMilliseconds(50) };
        await using var webhook = await RunningWebhook.StartAsync(options, c => c.WatchErrors.Enqueue(new(500, "InternalError", "not now")));

        var (status, body) = await ReadyAsync(webhook);

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        body.ShouldContain("[-]index failed: lists of Canaries, targets and what Canaries refer to are not read yet\n");
        body.ShouldEndWith("readyz check failed\n");
        (await webhook.AskAsync("/detect", Reviews.Of("UPDATE", Reviews.Deployment("podinfo:2"), Reviews.Deployment()))).Flag("allowed").ShouldBe(true);
    }

    [Fact]
    public async Task Readyz_QueueDown_SaysSoAndStaysReady()
    {
        await using var webhook = await RunningWebhook.StartAsync(prepare: c => c.Put(Kinds.Canary, Reviews.Canary()));
        webhook.Queue.Before = _ => throw new InvalidOperationException("queue is down");

        await webhook.AskAsync("/detect", Reviews.Of("UPDATE", Reviews.Deployment("podinfo:2"), Reviews.Deployment()));

        await Eventually.IsTrueAsync(async () => (await ReadyAsync(webhook)).Body.Contains("[!]queue degraded: did not take the last 1 hints", StringComparison.Ordinal));
        (await ReadyAsync(webhook)).Status.ShouldBe(HttpStatusCode.OK, "without reviews Canaries could not be written at all");
    }

    [Fact]
    public async Task Readyz_CertificateEnded_IsNotReady()
    {
        // Registered by somebody else, and nothing looks at it again within the test.
        var options = new WebhookOptions
        {
            Resync = TimeSpan.FromHours(1),
            Certificates = new() { CaLifetime = TimeSpan.FromHours(2), LeafLifetime = TimeSpan.FromSeconds(1), RenewBefore = TimeSpan.Zero },
        };
        await using var webhook = await RunningWebhook.StartAsync(options);

        await Eventually.IsTrueAsync(async () => (await ReadyAsync(webhook)) is { Status: HttpStatusCode.ServiceUnavailable } r
            && r.Body.Contains("[-]certificate failed: ended at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dispose_WhileDraining_SaysNotReadyAndStillAnswersReviews()
    {
        var webhook = await RunningWebhook.StartAsync(new() { Settle = TimeSpan.Zero, DrainDelay = TimeSpan.FromSeconds(2) }, c => c.Put(Kinds.Canary, Reviews.Canary()));
        var end = webhook.Server.DisposeAsync();

        var (status, body) = await ReadyAsync(webhook);
        var response = await webhook.AskAsync("/detect", Reviews.Of("UPDATE", Reviews.Deployment("podinfo:2"), Reviews.Deployment()));

        end.IsCompleted.ShouldBeFalse("reviews that still come are waited for");
        (status, body.Contains("[-]shutdown failed: the process ends", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.ServiceUnavailable, true));
        response.Flag("allowed").ShouldBe(true);
        await end;
        webhook.Queue.Count.ShouldBe(1, "the hint of an answer given while draining is sent");
        await Should.ThrowAsync<HttpRequestException>(webhook.Health.GetAsync("/healthz"));
        await webhook.DisposeAsync();
    }

    private static async Task<(HttpStatusCode Status, string Body)> ReadyAsync(RunningWebhook webhook)
    {
        using var answer = await webhook.Health.GetAsync("/readyz");
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")]
    private static partial Regex Times();
}
