namespace CanaryFunctions.Simulator.Metrics;

/// <summary>An endpoint that exposes metrics.</summary>
/// <param name="Url">Where its metrics are, path included.</param>
/// <param name="Labels">Labels that every series of the target gets, such as job, kubernetes_namespace, kubernetes_pod_name.
/// Without <c>instance</c>, the URL's host and port are used.</param>
public sealed record ScrapeTarget(Uri Url, Labels Labels)
{
    /// <summary>A target at <c>http://{address}/metrics</c>, where the address is host and port.</summary>
    public static ScrapeTarget At(string address, params (string Name, string Value)[] labels) =>
        new(new Uri($"http://{address}/metrics"), Labels.Of(labels));

    /// <summary>The labels, completed.</summary>
    internal Labels AllLabels => Labels["instance"].Length > 0 ? Labels : Labels.With("instance", Url.Authority);
}
