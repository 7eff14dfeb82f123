using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Network;

/// <summary>The DNS names of Services.</summary>
internal static class ServiceName
{
    /// <summary>Reads <c>svc</c>, <c>svc.ns</c>, <c>svc.ns.svc</c> and <c>svc.ns.svc.cluster.local</c>; null for any other name.</summary>
    public static ObjectKey? Parse(string host, string defaultNamespace) => host.Split('.') switch
    {
        [var name] => new(defaultNamespace, name),
        [var name, var ns] => new(ns, name),
        [var name, var ns, "svc", .. var domain] when domain is [] or ["cluster", "local"] => new(ns, name),
        _ => null,
    };

    /// <summary>The whole name of a Service.</summary>
    public static string Of(ObjectKey service) => $"{service.Name}.{service.Namespace}.svc.cluster.local";
}
