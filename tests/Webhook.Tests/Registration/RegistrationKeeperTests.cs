using System.Text;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Tests.Registration;

/// <summary>The registration is not only made but kept.</summary>
public sealed class RegistrationKeeperTests
{
    private static readonly ObjectRef Mutating = new(Kinds.MutatingWebhookConfiguration, null, "canary-functions-mutate");
    private static readonly ObjectRef Validating = new(Kinds.ValidatingWebhookConfiguration, null, "canary-functions-validate");
    private static readonly ObjectRef Secret = new(Kinds.Secret, "canary", "canary-webhook-certificate");

    private static readonly WebhookOptions Inside = new()
    {
        Outside = false,
        OwnNamespace = "canary",
        Hosts = ["127.0.0.1"],
        Settle = TimeSpan.Zero,
        Gather = TimeSpan.Zero,
        Certificates = new() { Propagation = TimeSpan.FromMilliseconds(60) },
    };

    [Fact]
    public async Task Configuration_OverwrittenOrDeleted_IsMended()
    {
        await using var webhook = await RunningWebhook.StartAsync(Inside);

        webhook.Cluster.Change(Mutating, c => c.ListAt("webhooks").First()["clientConfig"]!["caBundle"] = "bm9uZQ==");
        await Eventually.IsTrueAsync(() => BundleOf(webhook, Mutating) == webhook.Server.CaCertificate);

        webhook.Cluster.Change(Mutating, c => c.Remove("webhooks"));
        await Eventually.IsTrueAsync(() => BundleOf(webhook, Mutating) == webhook.Server.CaCertificate);

        webhook.Cluster.Remove(Validating);
        await Eventually.IsTrueAsync(() => BundleOf(webhook, Validating) == webhook.Server.CaCertificate);
    }

    [Fact]
    public async Task Configuration_ChangedWithoutAWatch_IsMendedByTheTimer()
    {
        var options = Inside with { Resync = TimeSpan.FromMilliseconds(50) };
        await using var webhook = await RunningWebhook.StartAsync(options);

        webhook.Cluster.Inner.Change(Mutating, c => c.ListAt("webhooks").First()["clientConfig"]!["caBundle"] = "bm9uZQ==");

        await Eventually.IsTrueAsync(() => BundleOf(webhook, Mutating) == webhook.Server.CaCertificate);
    }

    [Fact]
    public async Task SecretDeleted_WhileRunning_EndsInAnotherCaAndNobodyIsRefused()
    {
        await using var webhook = await RunningWebhook.StartAsync(Inside);
        var old = webhook.Server.CaCertificate;

        webhook.Cluster.Remove(Secret);

        await Eventually.IsTrueAsync(async () =>
        {
            // As an API server does, which trusts what the configuration says at the moment.
            using var client = webhook.ClientTrusting(BundleOf(webhook, Mutating)!);
            using var answer = await client.GetAsync("/");
            return webhook.Server.CaCertificate is var now && now != old && !now.Contains(old, StringComparison.Ordinal) && BundleOf(webhook, Mutating) == now;
        });
        webhook.Cluster.Inner.Peek(Secret).Map("data").Keys.ShouldBe(["ca.crt", "ca.key", "tls.crt", "tls.key"]);
    }

    [Fact]
    public async Task ServerThatRefuses_WhileRunning_IsTriedAgain()
    {
        var options = Inside with { Resync = TimeSpan.FromMilliseconds(50) };
        await using var webhook = await RunningWebhook.StartAsync(options);
        webhook.Cluster.Inner.BeforeWrite = _ => throw new ClusterException(500, "InternalError", "etcd is away");
        webhook.Cluster.Remove(Mutating);
        await Eventually.IsTrueAsync(async () => (await ReadyAsync(webhook)).Contains("[-]api-server failed: etcd is away", StringComparison.Ordinal));

        webhook.Cluster.Inner.BeforeWrite = null;

        await Eventually.IsTrueAsync(() => BundleOf(webhook, Mutating) == webhook.Server.CaCertificate);
    }

    [Fact]
    public async Task SecondProcessOutside_TakesOverAndTheFirstLetsGo()
    {
        var options = new WebhookOptions { Settle = TimeSpan.Zero, Gather = TimeSpan.Zero, Resync = TimeSpan.FromMilliseconds(400) };
        await using var first = await RunningWebhook.StartAsync(options);
        await using var second = await RunningWebhook.StartAsync(options, cluster: first.Cluster);

        await Eventually.IsTrueAsync(async () => (await ReadyAsync(first)).Contains("[-]registration failed: another process has taken it over", StringComparison.Ordinal));

        first.Cluster.Inner.Peek(Mutating)!.ListAt("webhooks").Single().Text("clientConfig", "url").ShouldBe(new Uri(second.Server.Address, "/mutate").AbsoluteUri);
        (await second.Health.GetAsync("/readyz")).IsSuccessStatusCode.ShouldBeTrue();
    }

    private static async Task<string> ReadyAsync(RunningWebhook webhook)
    {
        using var answer = await webhook.Health.GetAsync("/readyz");
        return await answer.Content.ReadAsStringAsync();
    }

    private static string? BundleOf(RunningWebhook webhook, ObjectRef configuration)
        => webhook.Cluster.Inner.Peek(configuration).ListAt("webhooks").FirstOrDefault().Text("clientConfig", "caBundle") is { } bundle
            ? Encoding.UTF8.GetString(Convert.FromBase64String(bundle))
            : null;
}
