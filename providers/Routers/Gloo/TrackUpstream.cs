using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Providers.Routers.Gloo;

/// <summary>Makes the Upstream of one track.</summary>
internal static class TrackUpstream
{
    /// <summary>The whole Upstream. What others put on the live one stays.</summary>
    /// <param name="podValue">Value of the selector label of the track's pods, in case its Service is missing.</param>
    public static JsonObject Build(RouteInput input, GlooObjects objects, ObjectRef reference, ObjectRef service, string podValue)
    {
        var upstream = input.Find(reference)?.Copy() ?? Generated.New(reference, input.Owner);
        var kube = upstream.Section("spec").Section("kube");
        kube["serviceName"] = service.Name;
        kube["serviceNamespace"] = service.Namespace;
        kube["servicePort"] = input.Canary.Spec.Service.Port;
        kube["selector"] = input.Find(service).ObjectAt("spec", "selector")?.Copy() ?? new JsonObject { [input.Selector.Key] = podValue };
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
}
