using System.Net;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Platform.Hosting.Settings;
using CanaryFunctions.Webhook.Scaling.Grpc;
using CanaryFunctions.Webhook.Scaling.Messages;
using Microsoft.Extensions.Configuration;

namespace CanaryFunctions.Webhook.Tests.Scaling;

/// <summary>The scaler as a part of the webhook process.</summary>
public sealed class WebhookScalerTests
{
    [Fact]
    public async Task NewImage_ReviewedByThisProcess_IsPushedBeforeTheWriteIsStored()
    {
        await using var webhook = await RunningWebhook.StartAsync(Options(), c => c.Put(Kinds.Canary, Works.Canary(CanaryPhase.Succeeded)));
        using var client = new GrpcClient(webhook.Server.ScalerAddress!);
        using var stream = await ActivityStream.OpenAsync(client);
        (await stream.NextAsync()).ShouldBe(false);

        await webhook.AskAsync("/detect", Reviews.Of("UPDATE", Reviews.Deployment("podinfo:2", generation: 2), Reviews.Deployment()));

        (await stream.NextAsync()).ShouldBe(true);
        (await webhook.Queue.NextAsync()).Queue.ShouldBe("canary-steps");
    }

    [Fact]
    public async Task NewImage_ReviewedByAnotherReplica_IsPushedAsSoonAsItIsStored()
    {
        await using var webhook = await RunningWebhook.StartAsync(Options(), cluster =>
        {
            cluster.Put(Kinds.Canary, Works.Canary(CanaryPhase.Succeeded));
            cluster.Put(Kinds.Deployment, Reviews.Deployment());
        });
        using var client = new GrpcClient(webhook.Server.ScalerAddress!);
        using var stream = await ActivityStream.OpenAsync(client);
        (await stream.NextAsync()).ShouldBe(false);

        webhook.Cluster.Change(new(Kinds.Deployment, "test", "podinfo"), d => d["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = "podinfo:2");

        (await stream.NextAsync()).ShouldBe(true);
    }

    [Fact]
    public async Task Release_ThatTheWatchTellsOf_KeepsWorkersUntilItsEnd()
    {
        await using var webhook = await RunningWebhook.StartAsync(Options(), c => c.Put(Kinds.Canary, Works.Canary(CanaryPhase.Progressing)));
        using var client = new GrpcClient(webhook.Server.ScalerAddress!);
        (await client.CallAsync("IsActive", RunningScaler.Trigger())).Single(IsActiveResponse.Parser).Result.ShouldBeTrue();

        webhook.Cluster.Put(Kinds.Canary, Works.Canary(CanaryPhase.Succeeded));

        await Eventually.IsTrueAsync(async () => !(await client.CallAsync("IsActive", RunningScaler.Trigger())).Single(IsActiveResponse.Parser).Result);
    }

    [Fact]
    public async Task Tls_ServesTheWebhooksCertificate()
    {
        await using var webhook = await RunningWebhook.StartAsync(Options() with { Scaler = new() { UseTls = true } });
        webhook.Server.ScalerAddress!.Scheme.ShouldBe("https");
        using var http = webhook.ClientTrusting(webhook.Server.CaCertificate);
        using var request = GrpcClient.Request(new Uri(webhook.Server.ScalerAddress, "/externalscaler.ExternalScaler/GetMetricSpec").ToString(), new ByteArrayContent(GrpcClient.Frame(RunningScaler.Trigger())));

        using var response = await http.SendAsync(request);

        (await GrpcAnswer.ReadAsync(response)).Status.ShouldBe((int)GrpcCode.Ok);
    }

    [Fact]
    public async Task NotAskedFor_IsNotServed()
    {
        await using var webhook = await RunningWebhook.StartAsync();

        webhook.Server.ScalerAddress.ShouldBeNull();
    }

    [Fact]
    public void Settings_PortTurnsItOn()
    {
        Read().Scaler.ShouldBeNull();
        var outside = Read(("scaler-port", "9090")).Scaler!;
        (outside.Port, outside.Listen, outside.UseTls).ShouldBe((9090, IPAddress.Loopback, false));
        var inside = Read(("SCALER_PORT", "9090"), ("SCALER_TLS", "true"), ("KUBERNETES_SERVICE_HOST", "10.0.0.1"));
        (inside.Scaler!.Listen, inside.Scaler.UseTls).ShouldBe((IPAddress.Any, true));
        inside.Hosts.ShouldBe(["canary-webhook.pods.svc", "canary-scaler.pods.svc"]);
    }

    [Fact]
    public void Settings_ThatCannotBeUsed_AreRefusedAtOnce()
        => Should.Throw<SettingsException>(() => Read(("scaler-port", "x"), ("scaler-tls", "maybe"))).Problems.Select(p => p.ToString()).ShouldBe(
        [
            "scaler-tls: 'maybe' must be true or false.",
            "scaler-port: 'x' must be a port between 0 and 65535; 0 for any free one.",
        ],
        ignoreOrder: true);

    private static WebhookOptions Options() => new() { Settle = TimeSpan.Zero, Scaler = new() };

    private static WebhookOptions Read(params (string Key, string Value)[] settings)
        => WebhookSettings.Read(
            new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build(), "pods");
}
