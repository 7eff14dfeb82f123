namespace CanaryFunctions.Cli.Scenarios;

/// <summary>What the reader of one guide sets and calls, besides applying its objects.</summary>
/// <param name="Provider">As <c>--provider</c> takes it.</param>
/// <param name="Image">Repository of the application's image.</param>
/// <param name="GoodTag">The guide's.</param>
/// <param name="BadTag">Another one: the same image again would be no release.</param>
/// <param name="Failing">Requests that must fail the canary.</param>
/// <param name="Users">Requests that the release needs and the guide's own load test does not send; null where it does.</param>
internal sealed record GuideScript(string Provider, string Image, string GoodTag, string BadTag, GuideRequests Failing, GuideRequests? Users = null)
{
    private const string Podinfo = "stefanprodan/podinfo";

    private static readonly GuideRequests HeyForErrors = new("hey -z 1m -c 5 -q 5 http://app.example.com/status/500", "http://app.example.com/status/500");

    /// <summary>One a guide, sorted by provider. Its objects are in <c>examples/</c>.</summary>
    internal static IReadOnlyList<GuideScript> All { get; } =
    [
        new("gloo", Podinfo, "3.1.1", "3.1.2",
            new("watch curl -H 'Host: app.example.com' http://gateway-proxy.gloo-system/status/500", "http://app.example.com/status/500")),

        // The guide has no rollback: callers in the mesh, who are split.
        new("linkerd", Podinfo, "3.1.1", "3.1.2",
            new("hey -z 1m -c 5 -q 5 http://podinfo.test:9898/status/500", "http://podinfo.test:9898/status/500")),
        new("skipper", Podinfo, "4.0.6", "4.0.7", HeyForErrors),

        // The guide splits app.example.com and sends its load elsewhere, so its canary lives by its users.
        new("smi:istio", $"quay.io/{Podinfo}", "1.7.1", "1.7.2",
            new("watch curl http://podinfo-canary:9898/status/500", "http://podinfo-canary:9898/status/500"),
            new("hey -z 10m -q 10 -c 2 http://app.example.com/", "http://app.example.com/")),
        new("traefik", Podinfo, "4.0.6", "4.0.7", HeyForErrors),
    ];

    /// <exception cref="ArgumentException">No guide has this provider.</exception>
    internal static GuideScript Of(string provider)
        => All.FirstOrDefault(s => s.Provider == provider)
            ?? throw new ArgumentException($"provider: '{provider}' has no guide; use one of: {string.Join(", ", All.Select(s => s.Provider))}.", nameof(provider));
}

/// <summary>Requests that somebody in the application's namespace sends over and over.</summary>
/// <param name="Command">As a reader would type it.</param>
/// <param name="Url">Where they lead; a host from outside leads to the gateway.</param>
internal sealed record GuideRequests(string Command, string Url);
