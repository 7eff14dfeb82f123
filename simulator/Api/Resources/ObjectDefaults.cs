using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Resources;

/// <summary>
/// What the real server fills in and clients then rely on. Every rule fills only what is missing, so that applying it
/// again changes nothing: a template that has once been stored keeps its hash.
/// </summary>
internal static class ObjectDefaults
{
    public static void Namespace(JsonObject o)
    {
        o.Ensure("metadata").Ensure("labels")["kubernetes.io/metadata.name"] = o.Str("metadata", "name");
        if (o.Str("metadata", "deletionTimestamp") is null)
        {
            o.Ensure("spec").Default("finalizers", new JsonArray("kubernetes"));
        }

        o.Ensure("status").Default("phase", "Active");
    }

    public static void Pod(JsonObject o)
    {
        PodDefaults.Apply(o, "spec");
        o.Ensure("status").Default("phase", "Pending");

        // In pods alone, not in templates.
        foreach (var container in o.Arr("spec", "containers").Objects().Concat(o.Arr("spec", "initContainers").Objects()))
        {
            foreach (var (name, limit) in container.Obj("resources", "limits") ?? [])
            {
                container.Ensure("resources").Ensure("requests").Default(name, limit!.DeepClone());
            }
        }
    }

    public static void Secret(JsonObject o)
    {
        o.Default("type", "Opaque");
        if (o.Obj("stringData") is not { } plain)
        {
            return;
        }

        var data = o.Ensure("data");
        foreach (var (key, value) in plain)
        {
            data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value.Str() ?? ""));
        }

        o.Remove("stringData");
    }

    public static void Service(JsonObject o)
    {
        var spec = o.Ensure("spec");
        spec.Default("type", "ClusterIP");
        spec.Default("sessionAffinity", "None");
        if (spec.Str("type") != "ExternalName")
        {
            spec.Default("internalTrafficPolicy", "Cluster");
            spec.Default("ipFamilyPolicy", "SingleStack");
            spec.Default("ipFamilies", new JsonArray("IPv4"));
        }

        foreach (var port in spec.Arr("ports").Objects())
        {
            port.Default("protocol", "TCP");
            if (port["targetPort"] is null && port["port"] is { } number)
            {
                port["targetPort"] = number.DeepClone();
            }
        }

        o.Ensure("status").Default("loadBalancer", new JsonObject());
    }

    public static void Deployment(JsonObject o)
    {
        var spec = o.Ensure("spec");
        spec.Default("replicas", 1);
        spec.Default("revisionHistoryLimit", 10);
        spec.Default("progressDeadlineSeconds", 600);
        RollingUpdate(spec, "strategy", "25%");
        PodDefaults.Apply(spec.Ensure("template"), "spec");
        Template(spec);
    }

    public static void DaemonSet(JsonObject o)
    {
        var spec = o.Ensure("spec");
        spec.Default("revisionHistoryLimit", 10);
        var strategy = spec.Ensure("updateStrategy");
        strategy.Default("type", "RollingUpdate");
        if (strategy.Str("type") == "RollingUpdate")
        {
            strategy.Ensure("rollingUpdate").Default("maxUnavailable", 1);
            strategy.Ensure("rollingUpdate").Default("maxSurge", 0);
        }

        PodDefaults.Apply(spec.Ensure("template"), "spec");
        Template(spec);
    }

    public static void ReplicaSet(JsonObject o)
    {
        var spec = o.Ensure("spec");
        spec.Default("replicas", 1);
        PodDefaults.Apply(spec.Ensure("template"), "spec");
        Template(spec);
        o.Ensure("status").Default("replicas", 0);
    }

    public static void Autoscaler(JsonObject o) => o.Ensure("spec").Default("minReplicas", 1);

    public static void Webhooks(JsonObject o)
    {
        foreach (var hook in o.Arr("webhooks").Objects())
        {
            hook.Default("failurePolicy", "Fail");
            hook.Default("matchPolicy", "Equivalent");
            hook.Default("namespaceSelector", new JsonObject());
            hook.Default("objectSelector", new JsonObject());
            hook.Default("timeoutSeconds", 10);
            if (o.Str("kind") == "MutatingWebhookConfiguration")
            {
                hook.Default("reinvocationPolicy", "Never");
            }

            foreach (var rule in hook.Arr("rules").Objects())
            {
                rule.Default("scope", "*");
            }

            if (hook.Obj("clientConfig", "service") is { } service)
            {
                service.Default("port", 443);
            }
        }
    }

    public static void Definition(JsonObject o)
    {
        var names = o.Ensure("spec").Ensure("names");
        if (names.Str("kind") is { } kind)
        {
            names.Default("listKind", kind + "List");
            names.Default("singular", kind.ToLowerInvariant());
        }

        o.Ensure("spec").Ensure("conversion").Default("strategy", "None");
    }

    private static void RollingUpdate(JsonObject spec, string key, string share)
    {
        var strategy = spec.Ensure(key);
        strategy.Default("type", "RollingUpdate");
        if (strategy.Str("type") == "RollingUpdate")
        {
            strategy.Ensure("rollingUpdate").Default("maxSurge", share);
            strategy.Ensure("rollingUpdate").Default("maxUnavailable", share);
        }
    }

    // The real server prints a template's empty creationTimestamp as null; kubectl and hashes see it, so it is here too.
    private static void Template(JsonObject spec)
    {
        var metadata = spec.Ensure("template").Ensure("metadata");
        if (!metadata.ContainsKey("creationTimestamp"))
        {
            metadata["creationTimestamp"] = null;
        }
    }
}
