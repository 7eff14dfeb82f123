using System.Net;
using System.Text;
using CanaryFunctions.Core.Engine;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Webhook.Certificates;

namespace CanaryFunctions.Webhook.Tests;

public sealed class AdmissionServerTests
{
    [Fact]
    public async Task Mutate_GoodCanary_AnswersAPatch()
    {
        await using var webhook = await RunningWebhook.StartAsync();

        var response = await webhook.AskAsync("/mutate", Reviews.Of("CREATE", Reviews.Canary()));

        response.Flag("allowed").ShouldBe(true);
        response.Text("uid").ShouldBe("review-1");
        response.Text("patchType").ShouldBe("JSONPatch");
        Encoding.UTF8.GetString(Convert.FromBase64String(response.Text("patch")!)).ShouldBe(
            """[{"op":"add","path":"/spec/service/portName","value":"http"},{"op":"add","path":"/spec/progressDeadlineSeconds","value":600}]""");
    }

    [Fact]
    public async Task Mutate_BadCanary_IsDeniedInAFormThatKubectlPrints()
    {
        await using var webhook = await RunningWebhook.StartAsync();
        var bad = Reviews.Canary();
        bad["spec"]!["analysis"]!["threshold"] = -1;
        bad["spec"]!["analysis"]!["interval"] = "abc";

        var response = await webhook.AskAsync("/mutate", Reviews.Of("CREATE", bad));

        response.Flag("allowed").ShouldBe(false);
        response["patch"].ShouldBeNull();
        var status = response["status"]!;
        status.Integer("code").ShouldBe(422);
        status.Text("reason").ShouldBe("Invalid");
        status.Text("message")!.ShouldStartWith("Canary podinfo.test has 2 problems:\n- spec.analysis.interval: 'abc'");
        status.Text("details", "kind").ShouldBe("Canary");
        status.ListAt("details", "causes").Select(c => $"{c.Text("field")}: {c.Text("message")}").ShouldBe(
        [
            "spec.analysis.interval: 'abc' must be a Go duration above 0, such as 10s or 1m30s.",
            "spec.analysis.threshold: '-1' must be 1 or more.",
        ]);
    }

    [Fact]
    public async Task Validate_MissingTarget_IsAllowedWithAWarning()
    {
        await using var webhook = await RunningWebhook.StartAsync();

        var response = await webhook.AskAsync("/validate", Reviews.Of("CREATE", Reviews.Canary()));

        response.Flag("allowed").ShouldBe(true);
        response.ListAt("warnings").Select(w => w.Text()).ShouldContain("spec.targetRef names Deployment podinfo.test, which does not exist yet; the Canary takes it up when it appears.");
    }

    [Fact]
    public async Task Detect_NewImage_QueuesAStepAfterTheAnswer()
    {
        await using var webhook = await RunningWebhook.StartAsync(prepare: c => c.Put(Kinds.Canary, Reviews.Canary()));
        var changed = Reviews.Deployment("podinfo:2", generation: 2);

        var response = await webhook.AskAsync("/detect", Reviews.Of("UPDATE", changed, Reviews.Deployment()));

        response.Flag("allowed").ShouldBe(true);
        var message = await webhook.Queue.NextAsync();
        message.Queue.ShouldBe(QueueNames.Steps);
        var body = Reviews.Parse(message.Body);
        body.Text("namespace").ShouldBe("test");
        body.Text("name").ShouldBe("podinfo");
        body.Text("cause").ShouldBe("admission");
        body.Text("user").ShouldBe("jane");
        body.Text("targetUid").ShouldBe("u1");
        body.Integer("targetGeneration").ShouldBe(2);
        body.Text("targetHash").ShouldBe(TemplateHash.Of(changed.At("spec", "template")));
    }

    [Fact]
    public async Task Detect_CanaryThatCameLater_IsKnownFromTheWatch()
    {
        await using var webhook = await RunningWebhook.StartAsync();
        webhook.Cluster.Put(Kinds.Canary, Reviews.Canary());

        // Each write is hinted at as soon as the watch has told of the Canary.
        await Eventually.IsTrueAsync(async () =>
        {
            await webhook.AskAsync("/detect", Reviews.Of("UPDATE", Reviews.Deployment("podinfo:2"), Reviews.Deployment()));
            return webhook.Queue.Count > 0;
        });
    }

    [Fact]
    public async Task Detect_DryRun_QueuesNothing()
    {
        await using var webhook = await RunningWebhook.StartAsync(prepare: c => c.Put(Kinds.Canary, Reviews.Canary()));

        await webhook.AskAsync("/detect", Reviews.Of("UPDATE", Reviews.Deployment("podinfo:2"), Reviews.Deployment(), dryRun: true, uid: "dry"));
        await webhook.AskAsync("/detect", Reviews.Of("DELETE", null, Reviews.Canary(), uid: "real"));

        var message = await webhook.Queue.NextAsync();
        Reviews.Parse(message.Body)["targetHash"].ShouldBeNull("the only hint is the one of the second write");
        webhook.Queue.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Detect_QueueThatHangsOrFails_AnswersAllTheSame()
    {
        await using var webhook = await RunningWebhook.StartAsync(prepare: c => c.Put(Kinds.Canary, Reviews.Canary()));
        var hanging = new TaskCompletionSource();
        webhook.Queue.Before = _ => hanging.Task;

        for (var i = 0; i < 5; i++)
        {
            var response = await webhook.AskAsync("/detect", Reviews.Of("UPDATE", Reviews.Deployment($"podinfo:{i + 2}"), Reviews.Deployment(), uid: $"r{i}"))
                .WaitAsync(TimeSpan.FromSeconds(5));
            response.Flag("allowed").ShouldBe(true);
        }

        webhook.Queue.Before = null;
        hanging.SetException(new InvalidOperationException("queue is down"));
        Reviews.Parse((await webhook.Queue.NextAsync()).Body).Text("targetHash").ShouldBe(TemplateHash.Of(Reviews.Deployment("podinfo:6").At("spec", "template")));
    }

    [Fact]
    public async Task Client_ThatTrustsAnotherCa_IsNotServed()
    {
        await using var webhook = await RunningWebhook.StartAsync();
        using var stranger = webhook.ClientTrusting(CertificateAuthority.Create(TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(1)).Certificate);

        await Should.ThrowAsync<HttpRequestException>(stranger.GetAsync("/"));
        (await webhook.Client.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Dispose_HintsThatWait_AreSentBeforeTheEnd()
    {
        var webhook = await RunningWebhook.StartAsync(new() { Settle = TimeSpan.FromHours(1) }, c => c.Put(Kinds.Canary, Reviews.Canary()));
        await webhook.AskAsync("/detect", Reviews.Of("UPDATE", Reviews.Deployment("podinfo:2"), Reviews.Deployment()));
        webhook.Queue.Count.ShouldBe(0);

        await webhook.DisposeAsync();

        webhook.Queue.Count.ShouldBe(1);
    }
}
