using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Providers.Tests.Routers;

/// <summary>The golden cases of Traefik: <c>served</c> names the API groups that the cluster has.</summary>
internal static class TraefikCase
{
    private const string Folder = "traefik";

    public static readonly ResourceKind New = Kind("traefik.io");
    public static readonly ResourceKind Legacy = Kind("traefik.containo.us");

    public static IReadOnlyList<string> Names => Golden.Cases("routers", Folder);

    public static Golden Load(string name) => Golden.Load("routers", Folder, name);

    public static RouteInput InputOf(Golden golden) => RouterCase.InputOf(
        golden.Input["canary"]!.AsObject(),
        golden.Input.ListAt("objects").OfType<JsonObject>(),
        [.. golden.Input.ListAt("served").Select(g => Kind(g.Text()!))]);

    private static ResourceKind Kind(string group) => new(group, "v1alpha1", "TraefikService", "traefikservices");
}
