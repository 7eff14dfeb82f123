using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.TestKit;
using CanaryFunctions.Webhook.Registration;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Webhook.Tests.Registration;

public sealed class ConversionRegistrationTests
{
    private static readonly WebhookOptions Inside = new() { Outside = false, OwnNamespace = "canary" };

    private readonly FakeCluster _cluster = new(new FakeClock());

    public ConversionRegistrationTests()
    {
        foreach (var plural in (string[])["alertproviders", "canaries", "metrictemplates"])
        {
            _cluster.Put(Kinds.CustomResourceDefinition, Definition(plural, "v1beta1", "v1alpha3"));
        }
    }

    [Fact]
    public async Task Apply_Outside_NamesTheUrl()
    {
        await Registration(new()).ApplyAsync("the CA", takeOver: true, CancellationToken.None);

        foreach (var plural in (string[])["alertproviders", "canaries", "metrictemplates"])
        {
            var conversion = Conversion(plural)!;
            conversion.Text("strategy").ShouldBe("Webhook");
            conversion.At("webhook", "conversionReviewVersions")!.ToJsonString().ShouldBe("""["v1"]""");
            conversion.Text("webhook", "clientConfig", "url").ShouldBe("https://127.0.0.1:4443/convert");
            Encoding.UTF8.GetString(Convert.FromBase64String(conversion.Text("webhook", "clientConfig", "caBundle")!)).ShouldBe("the CA");
        }
    }

    [Fact]
    public async Task Apply_InsideAfterOutside_NamesTheServiceAndNoLongerTheUrl()
    {
        await Registration(new()).ApplyAsync("the CA", takeOver: true, CancellationToken.None);

        await Registration(Inside).ApplyAsync("the CA", takeOver: true, CancellationToken.None);

        var config = Conversion("canaries").ObjectAt("webhook", "clientConfig")!;
        config.ContainsKey("url").ShouldBeFalse();
        config["service"]!.ToJsonString().ShouldBe("""{"namespace":"canary","name":"canary-webhook","path":"/convert","port":443}""");
    }

    [Fact]
    public async Task Apply_Again_WritesNothing()
    {
        await Registration(Inside).ApplyAsync("the CA", takeOver: true, CancellationToken.None);
        _cluster.Requests.Clear();

        await Registration(Inside).ApplyAsync("the CA", takeOver: true, CancellationToken.None);

        _cluster.Requests.ShouldAllBe(r => r.StartsWith("get "));
    }

    [Fact]
    public async Task Apply_DefinitionWithoutTheOldVersionOrNoneAtAll_IsLeftAlone()
    {
        var one = Definition("canaries", "v1beta1");
        one["spec"]!["versions"]!.AsArray().Add(new JsonObject { ["name"] = "v1alpha3", ["served"] = false });
        _cluster.Put(Kinds.CustomResourceDefinition, one);
        _cluster.Remove(Reference("metrictemplates"));

        await Registration(new()).ApplyAsync("the CA", takeOver: true, CancellationToken.None);

        Conversion("canaries").Text("strategy").ShouldBe("None");
        Conversion("alertproviders").Text("strategy").ShouldBe("Webhook");
        _cluster.Peek(Reference("metrictemplates")).ShouldBeNull();
    }

    [Fact]
    public async Task Apply_SomebodyAppliesTheDefinitionAtTheSameMoment_LooksAgain()
    {
        var isFirst = true;
        _cluster.BeforeWrite = _ =>
        {
            if (isFirst)
            {
                isFirst = false;
                _cluster.Change(Reference("alertproviders"), d => d.Metadata().Section("labels")["applied"] = "again");
            }

            return Task.CompletedTask;
        };

        await Registration(new()).ApplyAsync("the CA", takeOver: true, CancellationToken.None);

        _cluster.Peek(Reference("alertproviders"))!.Label("applied").ShouldBe("again");
        Conversion("alertproviders").Text("strategy").ShouldBe("Webhook");
    }

    [Fact]
    public async Task Remove_Ours_IsNoneAgain_AndAnothersStays()
    {
        var mine = Registration(new());
        await mine.ApplyAsync("the CA", takeOver: true, CancellationToken.None);
        await Registration(new(), "https://127.0.0.1:9").ApplyAsync("the CA", takeOver: true, CancellationToken.None);
        await mine.ApplyAsync("the CA", takeOver: true, CancellationToken.None);
        _cluster.Change(Reference("canaries"), d => d["spec"]!["conversion"]!["webhook"]!["clientConfig"]!["url"] = "https://127.0.0.1:9/convert");

        await mine.RemoveAsync(CancellationToken.None);

        Conversion("alertproviders")!.ToJsonString().ShouldBe("""{"strategy":"None"}""");
        Conversion("canaries").Text("webhook", "clientConfig", "url").ShouldBe("https://127.0.0.1:9/convert");
    }

    [Fact]
    public async Task Remove_ServerThatRefuses_DoesNotKeepTheProcessFromEnding()
    {
        var mine = Registration(new());
        await mine.ApplyAsync("the CA", takeOver: true, CancellationToken.None);
        _cluster.BeforeWrite = _ => throw new ClusterException(0, "", "no answer");

        await mine.RemoveAsync(CancellationToken.None);

        Conversion("canaries").Text("strategy").ShouldBe("Webhook");
    }

    [Fact]
    public async Task Server_Outside_RegistersItselfAndTakesItBack()
    {
        var webhook = await RunningWebhook.StartAsync(null, c => c.Put(Kinds.CustomResourceDefinition, Definition("canaries", "v1beta1", "v1alpha3")));
        var url = webhook.Cluster.Inner.Peek(Reference("canaries")).Text("spec", "conversion", "webhook", "clientConfig", "url");
        url.ShouldBe(new Uri(webhook.Server.Address, "/convert").AbsoluteUri);

        await webhook.DisposeAsync();

        webhook.Cluster.Inner.Peek(Reference("canaries")).Text("spec", "conversion", "strategy").ShouldBe("None");
    }

    [Fact]
    public async Task Server_Inside_LeavesTheRegistrationToItsReplicas()
    {
        var webhook = await RunningWebhook.StartAsync(Inside with { Hosts = ["127.0.0.1"] }, c => c.Put(Kinds.CustomResourceDefinition, Definition("canaries", "v1beta1", "v1alpha3")));

        await webhook.DisposeAsync();

        webhook.Cluster.Inner.Peek(Reference("canaries")).Text("spec", "conversion", "strategy").ShouldBe("Webhook");
    }

    private static ObjectRef Reference(string plural) => new(Kinds.CustomResourceDefinition, null, $"{plural}.flagger.app");

    private static JsonObject Definition(string plural, params string[] served)
    {
        var definition = KubeObject.New(Kinds.CustomResourceDefinition, null, $"{plural}.flagger.app");
        definition["spec"] = new JsonObject
        {
            ["conversion"] = new JsonObject { ["strategy"] = "None" },
            ["versions"] = new JsonArray([.. served.Select(v => new JsonObject { ["name"] = v, ["served"] = true })]),
        };
        return definition;
    }

    private JsonNode? Conversion(string plural) => _cluster.Peek(Reference(plural)).At("spec", "conversion");

    private ConversionRegistration Registration(WebhookOptions options, string address = "https://127.0.0.1:4443")
        => new(_cluster, options, new(address), NullLogger<ConversionRegistration>.Instance);
}
