using System.Text.Json.Nodes;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Shared;
using CanaryFunctions.Providers.Tests.Metrics;
using CanaryFunctions.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Providers.Tests.Routers;

/// <summary>
/// Something to route with, for every registered router: a Canary and the objects that are there before it, one sample for each kind that the router can write.
/// A router is found by its name's first part: its golden case <c>bootstrap</c>, or the folder of its family.
/// </summary>
internal static class RouterSamples
{
    private static readonly Dictionary<string, string> Bootstraps = new()
    {
        ["gloo"] = "gloo/bootstrap",
        ["linkerd"] = "linkerd/split-bootstrap",
        ["osm"] = "smi/osm",
        ["skipper"] = "skipper/bootstrap",
        ["smi"] = "smi/bootstrap",
        ["traefik"] = "traefik/bootstrap",
    };

    public static IReadOnlyList<ITrafficRouter> Routers { get; } = Registered();

    /// <summary>Inputs with nothing of the router's own in them.</summary>
    /// <exception cref="InvalidOperationException">A new router has no sample yet.</exception>
    public static IEnumerable<RouteInput> Of(ITrafficRouter router)
    {
        var family = router.Name.Split(':')[0];
        if (!Bootstraps.TryGetValue(family, out var path))
        {
            throw new InvalidOperationException($"router {router.Name} has no sample; add its first golden case to {nameof(RouterSamples)}.");
        }

        var golden = Golden.Load("routers", path.Split('/')[0], path.Split('/')[1]).Input;
        golden["canary"]!["spec"]!["provider"] = router.Name;
        foreach (var served in ServedSets(router))
        {
            var before = golden.ListAt("objects").OfType<JsonObject>().Where(o => o.Text("kind") is "Service" or "Ingress" && !o.ListAt("metadata", "ownerReferences").Any());
            yield return RouterCase.InputOf(golden["canary"]!.AsObject(), before, served);
        }
    }

    // A cluster for each kind that will do, or one with all of them.
    private static IEnumerable<ResourceKind[]> ServedSets(ITrafficRouter router)
    {
        var drives = (IDrivesKinds)router;
        var all = drives.Drives.Where(k => k.Kind != Kinds.Ingress.Kind).Select(k => (ResourceKind[])[.. k.Versions.DefaultIfEmpty("v1").Select(v => new ResourceKind(k.Group, v, k.Kind, $"{k.Kind}s".ToLowerInvariant()))]).ToList();
        return all.Count == 0 ? [[]] : drives.OneWillDo ? all.SelectMany(versions => versions.Select(v => (ResourceKind[])[v])) : [[.. all.SelectMany(v => v)]];
    }

    private static IReadOnlyList<ITrafficRouter> Registered()
    {
        using var services = new ServiceCollection().AddLogging().AddSingleton<IHttpCaller>(FakeHttpCaller.Answers("{}")).AddProviders().BuildServiceProvider();
        var catalog = services.GetRequiredService<Catalog<ITrafficRouter>>();
        return [.. catalog.Names.Select(n => catalog.Find(n)!)];
    }
}
