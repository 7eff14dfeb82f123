using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.TestKit;
using CanaryFunctions.Webhook.Registration;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Webhook.Tests.Registration;

/// <summary>cert-manager writes <c>caBundle</c>; we leave it alone.</summary>
public sealed class CaInjectionTests
{
    private const string Annotation = "cert-manager.io/inject-ca-from";
    private static readonly WebhookOptions Inside = new() { Outside = false, OwnNamespace = "canary" };
    private static readonly string Theirs = Convert.ToBase64String(Encoding.UTF8.GetBytes("injected"));

    private readonly FakeCluster _cluster = new(new FakeClock());

    public CaInjectionTests()
    {
        var definition = KubeObject.New(Kinds.CustomResourceDefinition, null, "canaries.flagger.app");
        definition["spec"] = new JsonObject
        {
            ["conversion"] = new JsonObject { ["strategy"] = "None" },
            ["versions"] = new JsonArray(new JsonObject { ["name"] = "v1alpha3", ["served"] = true }, new JsonObject { ["name"] = "v1beta1", ["served"] = true }),
        };
        _cluster.Put(Kinds.CustomResourceDefinition, definition);
    }

    [Fact]
    public async Task Apply_AnnotationOnTheObjects_LeavesTheirBundleAlone()
    {
        await ApplyAsync(Inside);
        foreach (var reference in Registrar.Objects)
        {
            _cluster.Change(reference, Inject);
        }

        var result = await ApplyAsync(Inside, "another CA");

        result.ShouldBe(RegistrationResult.Stood);
        Bundles().ShouldAllBe(b => b == Theirs);
    }

    [Fact]
    public async Task Apply_NoAnnotation_MendsTheBundle()
    {
        await ApplyAsync(Inside);
        foreach (var reference in Registrar.Objects)
        {
            _cluster.Change(reference, o =>
            {
                Inject(o);
                o.Metadata().Remove("annotations");
            });
        }

        (await ApplyAsync(Inside)).ShouldBe(RegistrationResult.Written);

        Bundles().ShouldAllBe(b => b != Theirs);
        Bundles().Count.ShouldBe(4);
    }

    [Fact]
    public async Task Apply_Setting_AsksForInjectionAndThenLeavesItAlone()
    {
        var options = Inside with { Certificates = new() { InjectCaFrom = "canary/serving" } };

        await ApplyAsync(options, null);
        foreach (var reference in Registrar.Objects.Where(r => _cluster.Peek(r) is not null))
        {
            _cluster.Peek(reference)!.Annotation(Annotation).ShouldBe("canary/serving", reference.ToString());
            _cluster.Change(reference, Inject);
            _cluster.Change(reference, o => o.Metadata().Section("annotations")[Annotation] = "canary/serving");
        }

        (await ApplyAsync(options, null)).ShouldBe(RegistrationResult.Stood);
        Bundles().ShouldAllBe(b => b == Theirs);
    }

    [Fact]
    public async Task Apply_NobodyKnowsTheCa_LeavesWhatStandsThere()
    {
        await ApplyAsync(Inside, "given by hand");

        await ApplyAsync(Inside, null);

        Bundles().ShouldAllBe(b => b == Convert.ToBase64String(Encoding.UTF8.GetBytes("given by hand")));
    }

    private static void Inject(JsonObject obj)
    {
        obj.Metadata().Section("annotations")[Annotation] = "canary/serving";
        foreach (var config in Configs(obj))
        {
            config["caBundle"] = Theirs;
        }
    }

    private static IEnumerable<JsonObject> Configs(JsonObject obj)
        => obj.ListAt("webhooks").Select(w => w.ObjectAt("clientConfig")!).Concat(obj.ObjectAt("spec", "conversion", "webhook", "clientConfig") is { } one ? [one] : []);

    private List<string?> Bundles() => [.. Registrar.Objects.Select(_cluster.Peek).OfType<JsonObject>().SelectMany(Configs).Select(c => c.Text("caBundle"))];

    private Task<RegistrationResult> ApplyAsync(WebhookOptions options, string? bundle = "the CA")
        => new Registrar(_cluster, options, new("https://127.0.0.1:4443"), NullLoggerFactory.Instance).ApplyAsync(bundle, CancellationToken.None);
}
