using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Shared;

namespace CanaryFunctions.Providers.Routers.Gloo;

/// <summary>Makes the Upstream of one track.</summary>
internal static class TrackUpstream
{
    /// <summary>The whole Upstream. What others put on the live one stays.</summary>
    /// <param name="podValue">Value of the selector label of the track's pods, in case its Service is missing.</param>
    public static JsonObject Build(RouteInput input, GlooObjects objects, ObjectRef reference, ObjectRef service, string podValue)
    {
        var upstream = input.Find(reference)?.Copy() ?? Ownership.New(reference, input.Owner);
        if (!input.Canary.Owns(upstream))
        {
            Ownership.Take(upstream, input.Owner);
        }

        Lead(upstream, service, input.Canary.Spec.Service.Port)["selector"] =
            input.Find(service).ObjectAt("spec", "selector")?.Copy() ?? new JsonObject { [input.Selector.Key] = podValue };
        if (objects.Config is null)
        {
            UpstreamConfig.Copy([], upstream);
        }
        else if (input.Find(objects.Config) is { } config)
        {
            UpstreamConfig.Copy(config, upstream);
        }

        return upstream;
    }

    /// <summary>The primary's Upstream as it is to outlive the Canary: it leads to the apex Service, whatever pods that selects.</summary>
    public static JsonObject Release(RouteInput input, ObjectRef reference, ObjectRef apex)
    {
        var upstream = input.Find(reference)?.Copy() ?? KubeObject.New(reference.Kind, reference.Namespace, reference.Name);
        Lead(upstream, apex, input.Canary.Spec.Service.Port).Remove("selector");
        Ownership.Release(upstream, input.Canary);
        return upstream;
    }

    /// <summary>Whether this is what <see cref="Release"/> left: a later Canary takes it up again.</summary>
    public static bool IsReleased(JsonObject upstream, ObjectRef apex)
        => Ownership.IsFree(upstream) && upstream.Text("spec", "kube", "serviceName") == apex.Name && upstream.Text("spec", "kube", "serviceNamespace") == apex.Namespace;

    private static JsonObject Lead(JsonObject upstream, ObjectRef service, int port)
    {
        var kube = upstream.Section("spec").Section("kube");
        kube["serviceName"] = service.Name;
        kube["serviceNamespace"] = service.Namespace;
        kube["servicePort"] = port;
        return kube;
    }
}
