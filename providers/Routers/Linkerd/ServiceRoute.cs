using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Shared;
using CanaryFunctions.Providers.Routers.Smi;

namespace CanaryFunctions.Providers.Routers.Linkerd;

/// <summary>
/// An HTTPRoute attached to the apex Service. Every rule of it that leads to a track carries the split, and one of them takes whatever the others do not, so
/// that a rule somebody added cannot keep traffic where it must not be.
/// </summary>
internal sealed class ServiceRoute(Canary canary, ResourceKind kind) : SplitObject(canary, kind)
{
    private const string Kind = "HTTPRoute";

    // Linkerd's own kind first: where it is served, Linkerd obeys it, while definitions of the Gateway API may be there for somebody else. Its older
    // versions have no backends.
    public static readonly IReadOnlyList<DrivenKind> Forms = [new("policy.linkerd.io", Kind, "v1beta3", "v1beta2"), new("gateway.networking.k8s.io", Kind, "v1", "v1beta1")];

    /// <summary>All that will do, for messages.</summary>
    public static string Wanted => $"{Kind} of {string.Join(" or ", Forms.Select(f => $"{f.Group} ({string.Join(", ", f.Versions)})"))}";

    /// <summary>The kind to use; null when the cluster serves none that will do.</summary>
    public static ResourceKind? KindIn(IServedKinds kinds)
        => Forms.Select(f => f.In(kinds)).FirstOrDefault(k => k is not null);

    /// <summary>Null too where the route is attached elsewhere, host names leave a part of the requests out, or its rules differ.</summary>
    public override TrafficSplit? Read(JsonObject live)
    {
        var isWhole = live.ListAt("spec", "parentRefs").Any(IsApex) && !live.ListAt("spec", "hostnames").Any();
        var rules = Ours(live).ToList();
        return isWhole && rules.Exists(TakesTheRest) && rules.Select(SplitOf).Distinct().ToList() is [var split] ? split : null;
    }

    public override void Write(JsonObject obj, TrafficSplit split)
    {
        var spec = obj.Section("spec");
        spec["parentRefs"] = new JsonArray(Parent(spec));
        spec.Remove("hostnames");
        foreach (var rule in Ours(obj))
        {
            rule["backendRefs"] = Backends(rule, split);
        }

        if (!Ours(obj).Any(TakesTheRest))
        {
            AddRule(spec, split);
        }
    }

    private static bool TakesTheRest(JsonObject rule)
    {
        var matches = rule.ListAt("matches").OfType<JsonObject>().ToList();
        return matches.Count == 0 || matches.Exists(m =>
            m.All(p => p.Key == "path") && (m["path"] is null || (m.Text("path", "type") is null or "PathPrefix" && m.Text("path", "value") is null or "/")));
    }

    private static IEnumerable<JsonObject> BackendsOf(JsonObject rule) => rule.ListAt("backendRefs").OfType<JsonObject>();

    // A weight that is left out is 1.
    private static double? WeightOf(JsonObject? backend) => backend is null ? null : backend["weight"] is null ? 1 : SplitWeights.Read(backend["weight"]);

    private IEnumerable<JsonObject> Ours(JsonObject route)
        => route.ListAt("spec", "rules").OfType<JsonObject>().Where(r => BackendsOf(r).Any(b => LeadsTo(b, Canary.PrimaryService) || LeadsTo(b, Canary.CanaryService)));

    // Without a port it is attached to all of them.
    private bool IsApex(JsonNode parent)
        => IsService(parent, mayBeLeftOut: false) && parent.Text("name") == Canary.ApexService && (parent["port"] is null || parent.Integer("port") == Canary.Spec.Service.Port);

    private bool LeadsTo(JsonObject backend, string service) => IsService(backend, mayBeLeftOut: true) && backend.Text("name") == service;

    // The core group is written in two ways. A backend is a Service unless it says otherwise, a parent a Gateway.
    private bool IsService(JsonNode reference, bool mayBeLeftOut)
        => (reference.Text("kind") ?? (mayBeLeftOut ? "Service" : "")) == "Service"
            && (reference.Text("group") ?? (mayBeLeftOut ? "" : "other")) is "" or "core"
            && (reference.Text("namespace") ?? Canary.Namespace) == Canary.Namespace;

    private TrafficSplit? SplitOf(JsonObject rule)
    {
        var backends = BackendsOf(rule).ToList();
        return backends.Count == 2
            ? SplitWeights.Split(WeightOf(backends.Find(b => LeadsTo(b, Canary.PrimaryService))), WeightOf(backends.Find(b => LeadsTo(b, Canary.CanaryService))))
            : null;
    }

    private JsonNode Parent(JsonObject spec)
    {
        if (spec.ListAt("parentRefs").FirstOrDefault(IsApex) is { } existing)
        {
            return existing.DeepClone();
        }

        return new JsonObject
        {
            ["group"] = "core",
            ["kind"] = "Service",
            ["name"] = Canary.ApexService,
            ["namespace"] = Canary.Namespace,
            ["port"] = Canary.Spec.Service.Port,
        };
    }

    private void AddRule(JsonObject spec, TrafficSplit split)
    {
        var rule = new JsonObject
        {
            ["matches"] = new JsonArray(new JsonObject { ["path"] = new JsonObject { ["type"] = "PathPrefix", ["value"] = "/" } }),
            ["backendRefs"] = Backends([], split),
        };
        if (spec["rules"] is JsonArray rules)
        {
            rules.Add((JsonNode)rule);
        }
        else
        {
            spec["rules"] = new JsonArray(rule);
        }
    }

    private JsonArray Backends(JsonObject rule, TrafficSplit split)
    {
        var live = BackendsOf(rule).ToList();
        var tracks = ((string Service, int Weight)[])[(Canary.PrimaryService, split.Primary), (Canary.CanaryService, split.Canary)];

        // In the order that they have: another one would be a write for nothing.
        return [.. tracks.Select(t => (Live: live.Find(b => LeadsTo(b, t.Service)), t.Service, t.Weight))
            .OrderBy(t => t.Live is null ? int.MaxValue : live.IndexOf(t.Live))
            .Select(t => (JsonNode)Backend(t.Live, t.Service, t.Weight))];
    }

    private JsonObject Backend(JsonObject? live, string service, int weight)
    {
        var backend = live?.Copy() ?? new JsonObject { ["group"] = "", ["kind"] = "Service" };
        backend["name"] = service;
        backend["port"] = Canary.Spec.Service.Port;
        backend["weight"] = weight;
        return backend;
    }
}
