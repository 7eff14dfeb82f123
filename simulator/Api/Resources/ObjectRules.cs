using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CanaryFunctions.Simulator.Api.Admission;
using CanaryFunctions.Simulator.Api.Selecting;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Resources;

/// <summary>The checks of built-in kinds that a user of the guides can run into, worded as the real server words them.</summary>
internal static partial class ObjectRules
{
    public static IEnumerable<FieldError> Namespace(JsonObject o, JsonObject? old)
    {
        var name = o.Str("metadata", "name") ?? "";
        if (name.Length > 63 || name.Contains('.'))
        {
            yield return FieldError.Invalid("metadata.name", name,
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', must be at most 63 characters long");
        }
    }

    public static IEnumerable<FieldError> Secret(JsonObject o, JsonObject? old)
        => old is not null && o.Str("type") != old.Str("type") ? [FieldError.Invalid("type", o["type"], "field is immutable"), .. Data(o, old)] : Data(o, old);

    /// <summary>Config maps and secrets.</summary>
    public static IEnumerable<FieldError> Data(JsonObject o, JsonObject? old)
    {
        foreach (var key in ((string[])["data", "binaryData"]).SelectMany(f => (o.Obj(f) ?? []).Select(p => (Field: f, p.Key))).Where(k => !DataKey().IsMatch(k.Key)))
        {
            yield return FieldError.Invalid($"{key.Field}[{key.Key}]", key.Key,
                "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')");
        }

        if (old.Flag("immutable") != true)
        {
            yield break;
        }

        if (o.Flag("immutable") != true)
        {
            yield return FieldError.Forbidden("immutable", "field is immutable when `immutable` is set");
        }

        foreach (var field in (string[])["data", "binaryData"])
        {
            if (!JsonTree.Same(o[field], old![field]))
            {
                yield return FieldError.Forbidden(field, "field is immutable when `immutable` is set");
            }
        }
    }

    public static IEnumerable<FieldError> Event(JsonObject o, JsonObject? old)
    {
        if (o.Str("metadata", "namespace") != (o.Str("involvedObject", "namespace") is { Length: > 0 } about ? about : "default"))
        {
            yield return FieldError.Invalid("involvedObject.namespace", o.Str("involvedObject", "namespace") ?? "", "does not match event.namespace");
        }
    }

    public static IEnumerable<FieldError> Lease(JsonObject o, JsonObject? old)
    {
        if (o.Int("spec", "leaseDurationSeconds") is <= 0 and var seconds)
        {
            yield return FieldError.Invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0");
        }
    }

    public static IEnumerable<FieldError> Binding(JsonObject o, JsonObject? old)
        => old is null || JsonTree.Same(o["roleRef"], old["roleRef"]) ? [] : [FieldError.Invalid("roleRef", o["roleRef"], "cannot change roleRef")];

    public static IEnumerable<FieldError> Pod(JsonObject o, JsonObject? old) => Containers(o.Obj("spec"), "spec");

    public static IEnumerable<FieldError> Workload(JsonObject o, JsonObject? old)
    {
        if (o.Obj("spec")?["replicas"] is { } replicas && replicas.Int() is null or < 0)
        {
            yield return FieldError.Invalid("spec.replicas", replicas, "must be greater than or equal to 0");
        }

        foreach (var error in Selector(o, old).Concat(Containers(o.Obj("spec", "template", "spec"), "spec.template.spec")))
        {
            yield return error;
        }
    }

    public static IEnumerable<FieldError> Service(JsonObject o, JsonObject? old)
    {
        var name = o.Str("metadata", "name") ?? "";
        if (name.Length > 63 || !ServiceName().IsMatch(name))
        {
            yield return FieldError.Invalid("metadata.name", name, "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
                + "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')");
        }

        var ports = o.Arr("spec", "ports").Objects().ToList();
        var type = o.Str("spec", "type");
        if (ports.Count == 0 && type != "ExternalName" && o.Str("spec", "clusterIP") != "None")
        {
            yield return FieldError.Required("spec.ports");
        }

        foreach (var (i, port) in ports.Index())
        {
            if (port.Int("port") is null or < 1 or > 65535)
            {
                yield return FieldError.Invalid($"spec.ports[{i}].port", port["port"], "must be between 1 and 65535, inclusive");
            }

            if (port.Int("targetPort") is < 1 or > 65535)
            {
                yield return FieldError.Invalid($"spec.ports[{i}].targetPort", port["targetPort"], "must be between 1 and 65535, inclusive");
            }

            if (ports.Count > 1 && string.IsNullOrEmpty(port.Str("name")))
            {
                yield return FieldError.Required($"spec.ports[{i}].name");
            }
        }

        var before = old.Str("spec", "clusterIP");
        if (before is { Length: > 0 } && type != "ExternalName" && o.Str("spec", "clusterIP") != before)
        {
            yield return FieldError.Invalid("spec.clusterIPs[0]", o.At("spec", "clusterIP"), "may not change once set");
        }
    }

    public static IEnumerable<FieldError> Autoscaler(JsonObject o, JsonObject? old)
    {
        var (min, max) = (o.Int("spec", "minReplicas") ?? 1, o.Int("spec", "maxReplicas") ?? 0);
        if (max < 1)
        {
            yield return FieldError.Invalid("spec.maxReplicas", max, "must be greater than 0");
        }

        if (max < min)
        {
            yield return FieldError.Invalid("spec.maxReplicas", max, "must be greater than or equal to `minReplicas`");
        }

        foreach (var field in (string[])["kind", "name"])
        {
            if (string.IsNullOrEmpty(o.Str("spec", "scaleTargetRef", field)))
            {
                yield return FieldError.Required($"spec.scaleTargetRef.{field}");
            }
        }
    }

    public static IEnumerable<FieldError> Ingress(JsonObject o, JsonObject? old)
    {
        var rules = o.Arr("spec", "rules").Objects().ToList();
        if (rules.Count == 0 && o.Obj("spec", "defaultBackend") is null)
        {
            yield return FieldError.Invalid("spec", o["spec"], "either `defaultBackend` or `rules` must be specified");
        }

        foreach (var (i, rule) in rules.Index())
        {
            foreach (var (j, path) in rule.Arr("http", "paths").Objects().Index())
            {
                var at = $"spec.rules[{i}].http.paths[{j}]";
                if (path.Str("pathType") is not ("Exact" or "Prefix" or "ImplementationSpecific"))
                {
                    yield return path["pathType"] is { } type
                        ? FieldError.NotSupported($"{at}.pathType", type, ["\"Exact\"", "\"ImplementationSpecific\"", "\"Prefix\""])
                        : FieldError.Required($"{at}.pathType", "pathType must be specified");
                }

                if (path.Str("backend", "service", "name") is null or "" && path.Obj("backend", "resource") is null)
                {
                    yield return FieldError.Required($"{at}.backend.service.name");
                }
            }
        }
    }

    public static IEnumerable<FieldError> Webhooks(JsonObject o, JsonObject? old) => WebhookRules.Check(o);

    private static IEnumerable<FieldError> Selector(JsonObject o, JsonObject? old)
    {
        var selector = o.Obj("spec", "selector");
        if (selector is null or { Count: 0 })
        {
            yield return FieldError.Required("spec.selector");
        }

        if (selector is null or { Count: 0 } || !LabelSelector.FromObject(selector).Matches(o.Obj("spec", "template", "metadata", "labels")))
        {
            yield return FieldError.Invalid("spec.template.metadata.labels", o.At("spec", "template", "metadata", "labels"),
                "`selector` does not match template `labels`");
        }

        if (old is not null && !JsonTree.Same(old.At("spec", "selector"), selector))
        {
            yield return FieldError.Invalid("spec.selector", selector, "field is immutable");
        }
    }

    private static IEnumerable<FieldError> Containers(JsonObject? spec, string path)
    {
        var containers = spec.Arr("containers").Objects().ToList();
        if (containers.Count == 0)
        {
            yield return FieldError.Required($"{path}.containers");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, container) in containers.Index())
        {
            var name = container.Str("name") ?? "";
            if (name.Length == 0)
            {
                yield return FieldError.Required($"{path}.containers[{i}].name");
            }
            else if (!names.Add(name))
            {
                yield return FieldError.Duplicate($"{path}.containers[{i}].name", name);
            }

            if (string.IsNullOrEmpty(container.Str("image")))
            {
                yield return FieldError.Required($"{path}.containers[{i}].image");
            }
        }
    }

    [GeneratedRegex("^[-._a-zA-Z0-9]+$")]
    private static partial Regex DataKey();

    [GeneratedRegex("^[a-z]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex ServiceName();
}
