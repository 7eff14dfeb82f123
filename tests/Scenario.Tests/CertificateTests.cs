using System.Text.Json.Nodes;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;
using CanaryFunctions.Webhook.Certificates;

namespace CanaryFunctions.Scenario.Tests;

/// <summary>Certificates change while the API server calls the webhook all the time, and no call is refused.</summary>
[Collection(nameof(Unmeasured))]
public sealed class CertificateTests
{
    [Fact]
    public async Task Certificates_ThatChangeUnderTraffic_RefuseNoCall()
    {
        await using var replicas = await WebhookReplicas.StartAsync();

        // The former release's replica is content with a CA that the next release finds too near its end.
        await replicas.AddAsync("old", new() { CaLifetime = TimeSpan.FromDays(400) });
        var first = await replicas.BundleAsync();
        await using var traffic = await AdmissionTraffic.StartAsync(replicas);
        await replicas.AddAsync("a", new() { LeafLifetime = TimeSpan.FromDays(380) });
        await replicas.AddAsync("b", new() { LeafLifetime = TimeSpan.FromDays(380) }, late: TimeSpan.FromMilliseconds(700));
        var second = await replicas.UntilChangedAsync(first);
        await replicas.RemoveAsync("old");
        await traffic.MoreAsync(30);

        await replicas.Person.DeleteAsync(WebhookReplicas.Secret, new(), CancellationToken.None);
        var third = await replicas.UntilChangedAsync(first, second);
        await traffic.MoreAsync(30);

        await replicas.Person.MergePatchAsync(WebhookReplicas.Secret, Garbage(), null, CancellationToken.None);
        await replicas.UntilChangedAsync(first, second, third);
        await traffic.MoreAsync(30);

        traffic.Refused.ShouldBeEmpty();
        traffic.Answered.ShouldBeGreaterThan(100);
        traffic.Served.Count.ShouldBeGreaterThanOrEqualTo(4, "each CA signed a certificate that was served");
        replicas.Server.Refusals.ShouldBeEmpty();
    }

    [Fact]
    public async Task ReplicaThatDiedWithoutAWord_HoldsTheChangeUpOnlyUntilItsLeaseEnds()
    {
        await using var replicas = await WebhookReplicas.StartAsync();
        await replicas.AddAsync("a");
        var first = await replicas.BundleAsync();
        await replicas.Person.CreateAsync(Kinds.Lease, LeaseOfTheDead(), CancellationToken.None);
        await using var traffic = await AdmissionTraffic.StartAsync(replicas);

        await replicas.Person.DeleteAsync(WebhookReplicas.Secret, new(), CancellationToken.None);
        await replicas.UntilChangedAsync(first);
        await traffic.MoreAsync(10);

        traffic.Refused.ShouldBeEmpty();
    }

    [Fact]
    public async Task CertificatesThatEndedWhileNobodyRan_AreMadeAnewAtTheStart()
    {
        await using var replicas = await WebhookReplicas.StartAsync();
        var brief = new CertificateOptions { CaLifetime = TimeSpan.FromSeconds(4), LeafLifetime = TimeSpan.FromSeconds(1), RenewBefore = TimeSpan.Zero };
        await replicas.AddAsync("old", brief);
        var ended = await replicas.BundleAsync();
        await replicas.RemoveAsync("old");
        using (var clock = new PeriodicTimer(TimeSpan.FromSeconds(5), TimeProvider.System))
        {
            await clock.WaitForNextTickAsync();
        }

        await replicas.AddAsync("a");

        (await replicas.BundleAsync()).ShouldNotBe(ended);
        await using var traffic = await AdmissionTraffic.StartAsync(replicas);
        await traffic.MoreAsync(20);
        traffic.Refused.ShouldBeEmpty();
    }

    [Fact]
    public async Task RegistrationOverwritten_IsMendedAndDefinitionsToo()
    {
        await using var replicas = await WebhookReplicas.StartAsync();
        await replicas.AddAsync("a");
        var bundle = await replicas.BundleAsync();
        await replicas.Person.DeleteAsync(WebhookReplicas.Validating, new(), CancellationToken.None);
        var definition = new ObjectRef(Kinds.CustomResourceDefinition, null, "canaries.flagger.app");
        await replicas.Person.MergePatchAsync(definition, new() { ["spec"] = new JsonObject { ["conversion"] = new JsonObject { ["strategy"] = "None", ["webhook"] = null } } }, null, CancellationToken.None);

        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        for (var i = 0; i < 500 && !await IsMendedAsync(); i++)
        {
            await clock.WaitForNextTickAsync();
        }

        (await IsMendedAsync()).ShouldBeTrue();

        async Task<bool> IsMendedAsync() => await replicas.Person.GetAsync(WebhookReplicas.Validating, CancellationToken.None) is not null
            && await replicas.BundleAsync() == bundle
            && (await replicas.Person.GetAsync(definition, CancellationToken.None)).Text("spec", "conversion", "strategy") == "Webhook";
    }

    private static JsonObject Garbage() => new()
    {
        ["data"] = new JsonObject { ["tls.crt"] = "Z2FyYmFnZQ==", ["tls.key"] = "Z2FyYmFnZQ==", ["ca.crt"] = "Z2FyYmFnZQ==", ["ca.key"] = "Z2FyYmFnZQ==" },
    };

    private static JsonObject LeaseOfTheDead()
    {
        var lease = KubeObject.New(Kinds.Lease, ProductAccess.Namespace, "canary-webhook-dead");
        lease.Metadata()["labels"] = new JsonObject { ["canary-functions.io/webhook"] = "canary-webhook" };
        lease.Metadata()["annotations"] = new JsonObject { ["canary-functions.io/serves"] = "the first certificate" };
        lease["spec"] = new JsonObject
        {
            ["holderIdentity"] = "dead",
            ["leaseDurationSeconds"] = 3,
            ["renewTime"] = KubeObject.MicroTimestamp(TimeProvider.System.GetUtcNow()),
        };
        return lease;
    }
}
