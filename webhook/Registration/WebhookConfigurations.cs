using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Webhook.Registration;

/// <summary>
/// The two webhook configurations (rule 13 of the design). Every field that the API server would default is given, so that a second start finds them equal.
/// </summary>
internal static class WebhookConfigurations
{
    public const string MutatingName = "canary-functions-mutate";
    public const string ValidatingName = "canary-functions-validate";

    private const int TimeoutSeconds = 2;

    // A write to metadata alone must not depend on us, or a broken object could not even be deleted.
    private const string SpecChanges = "request.operation != 'UPDATE' || !has(object.spec) || !has(oldObject.spec) || object.spec != oldObject.spec";

    /// <param name="address">Where the server listens, for a process outside the cluster.</param>
    /// <param name="bundle">CA certificates in PEM; null leaves them to whoever injects them.</param>
    /// <param name="hasMatchConditions">Whether the cluster knows match conditions; without them our own kinds get Ignore too.</param>
    public static JsonObject Mutating(WebhookOptions options, Uri address, string? bundle, bool hasMatchConditions)
    {
        var configuration = KubeObject.New(Kinds.MutatingWebhookConfiguration, null, MutatingName);
        var hook = OwnKinds("mutate", options, address, bundle, hasMatchConditions);
        hook["reinvocationPolicy"] = "Never";
        configuration["webhooks"] = new JsonArray((JsonNode)hook);
        return Labelled(configuration);
    }

    /// <inheritdoc cref="Mutating"/>
    public static JsonObject Validating(WebhookOptions options, Uri address, string? bundle, bool hasMatchConditions)
    {
        var configuration = KubeObject.New(Kinds.ValidatingWebhookConfiguration, null, ValidatingName);
        configuration["webhooks"] = new JsonArray(OwnKinds("validate", options, address, bundle, hasMatchConditions), Detection(options, address, bundle));
        return Labelled(configuration);
    }

    private static JsonObject OwnKinds(string verb, WebhookOptions options, Uri address, string? bundle, bool hasMatchConditions)
    {
        var hook = Hook(verb, options, address, bundle, sideEffects: "None", ["kube-system"]);
        hook["failurePolicy"] = options.Outside || !hasMatchConditions ? "Ignore" : "Fail";
        hook["rules"] = new JsonArray((JsonNode)Rule(
            Kinds.FlaggerGroup, "v1beta1", [Kinds.Canary.Plural, Kinds.MetricTemplate.Plural, Kinds.AlertProvider.Plural], ["CREATE", "UPDATE"]));
        if (!options.Outside && hasMatchConditions)
        {
            hook["matchConditions"] = new JsonArray((JsonNode)new JsonObject { ["name"] = "spec-changes", ["expression"] = SpecChanges });
        }

        return hook;
    }

    private static JsonObject Detection(WebhookOptions options, Uri address, string? bundle)
    {
        var left = options.OwnNamespace is { } own ? (string[])["kube-system", own] : ["kube-system"];
        var hook = Hook("detect", options, address, bundle, sideEffects: "NoneOnDryRun", left);
        hook["failurePolicy"] = "Ignore";
        hook["rules"] = new JsonArray(
            Rule("apps", "v1", [Kinds.Deployment.Plural], ["CREATE", "UPDATE"]),
            Rule(Kinds.FlaggerGroup, "v1beta1", [Kinds.Canary.Plural], ["CREATE", "UPDATE", "DELETE"]));
        return hook;
    }

    private static JsonObject Hook(string verb, WebhookOptions options, Uri address, string? bundle, string sideEffects, string[] leftOut) => new()
    {
        ["name"] = $"{verb}.canary-functions.io",
        ["admissionReviewVersions"] = Texts(["v1"]),
        ["clientConfig"] = ClientConfig($"/{verb}", options, address, bundle),
        ["matchPolicy"] = "Equivalent",
        ["namespaceSelector"] = new JsonObject
        {
            ["matchExpressions"] = new JsonArray((JsonNode)new JsonObject
            {
                ["key"] = "kubernetes.io/metadata.name",
                ["operator"] = "NotIn",
                ["values"] = Texts(leftOut),
            }),
        },
        ["objectSelector"] = new JsonObject(),
        ["sideEffects"] = sideEffects,
        ["timeoutSeconds"] = TimeoutSeconds,
    };

    /// <summary>How the API server reaches an endpoint: by URL outside the cluster, by the Service inside.</summary>
    public static JsonObject ClientConfig(string path, WebhookOptions options, Uri address, string? bundle)
    {
        var config = new JsonObject();
        if (bundle is not null)
        {
            config["caBundle"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(bundle));
        }

        if (options.Outside)
        {
            config["url"] = new Uri(address, path).AbsoluteUri;
        }
        else
        {
            config["service"] = new JsonObject { ["namespace"] = options.OwnNamespace, ["name"] = options.ServiceName, ["path"] = path, ["port"] = 443 };
        }

        return config;
    }

    /// <summary>Whether a clientConfig names the server by this address.</summary>
    public static bool LeadsTo(Uri address, JsonNode? clientConfig)
        => Uri.TryCreate(clientConfig.Text("url"), UriKind.Absolute, out var url) && url.Authority == address.Authority;

    private static JsonObject Rule(string group, string version, string[] resources, string[] operations) => new()
    {
        ["apiGroups"] = Texts([group]),
        ["apiVersions"] = Texts([version]),
        ["operations"] = Texts(operations),
        ["resources"] = Texts(resources),
        ["scope"] = "Namespaced",
    };

    private static JsonArray Texts(string[] texts) => new([.. texts.Select(t => JsonValue.Create(t))]);

    private static JsonObject Labelled(JsonObject configuration)
    {
        configuration.Metadata()["labels"] = new JsonObject { ["app.kubernetes.io/managed-by"] = "canary-functions" };
        return configuration;
    }
}
