using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Webhook.Registration;

/// <summary>
/// cert-manager's CA injector writes <c>caBundle</c> into objects that carry one of its annotations. Then that field is its own: writing it as well would be
/// a fight without end.
/// </summary>
internal static class CaInjection
{
    public const string FromCertificate = "cert-manager.io/inject-ca-from";

    private static readonly string[] Annotations = [FromCertificate, "cert-manager.io/inject-ca-from-secret", "cert-manager.io/inject-apiserver-ca"];

    /// <summary>Whether the object asks for it, or the install does.</summary>
    public static bool IsAskedFor(JsonObject stored, WebhookOptions options)
        => options.Certificates.InjectCaFrom is not null || Annotations.Any(a => stored.Annotation(a) is { Length: > 0 });

    /// <summary>The install's annotation, where the object does not carry it yet.</summary>
    public static string? Missing(JsonObject stored, WebhookOptions options)
        => options.Certificates.InjectCaFrom is { } wanted && stored.Annotation(FromCertificate) != wanted ? wanted : null;

    /// <summary>The wanted webhooks; one without a <c>caBundle</c> of ours keeps the one that the stored webhook of its name has.</summary>
    public static JsonNode Merge(JsonObject stored, JsonObject wanted, WebhookOptions options)
    {
        var isAskedFor = IsAskedFor(stored, options);
        var hooks = wanted["webhooks"]!.DeepClone();
        foreach (var hook in hooks.AsArray().OfType<JsonObject>())
        {
            var config = hook.Section("clientConfig");
            if (isAskedFor)
            {
                config.Remove("caBundle");
            }

            Keep(stored.ListAt("webhooks").FirstOrDefault(w => w.Text("name") == hook.Text("name")).At("clientConfig"), config);
        }

        return hooks;
    }

    /// <summary>Gives a clientConfig without <c>caBundle</c> the stored one's.</summary>
    public static void Keep(JsonNode? stored, JsonObject config)
    {
        if (!config.ContainsKey("caBundle") && stored.Text("caBundle") is { } bundle)
        {
            config["caBundle"] = bundle;
        }
    }
}
