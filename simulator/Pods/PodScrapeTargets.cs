using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Pods;

/// <summary>Pods that ask to be scraped (<c>prometheus.io/scrape: "true"</c>), labelled as Flagger's Prometheus labels them.</summary>
public sealed class PodScrapeTargets(ClusterCache cache, PodDirectory directory)
{
    private readonly ObjectCache _pods = cache.For(WorkloadKinds.Pod);

    public IReadOnlyList<ScrapeTarget> Current() => [.. _pods.All.Select(TargetOf).OfType<ScrapeTarget>()];

    private ScrapeTarget? TargetOf(JsonObject pod)
    {
        if (pod.Annotation("prometheus.io/scrape") != "true" || pod.Text("status", "phase") != "Running" || pod.Text("status", "podIP") is not { } ip
            || PortOf(pod) is not { } port || directory.Find(ip, port) is not { } target)
        {
            return null;
        }

        var path = pod.Annotation("prometheus.io/path") ?? "/metrics";
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in pod.Map("metadata", "labels"))
        {
            labels[LabelName(name)] = value;
        }

        labels["job"] = "kubernetes-pods";
        labels["instance"] = string.Create(CultureInfo.InvariantCulture, $"{ip}:{port}");
        labels["kubernetes_namespace"] = pod.Namespace();
        labels["kubernetes_pod_name"] = pod.Name();
        return new ScrapeTarget(new Uri($"{target.Prefix}/{path.TrimStart('/')}"), Labels.From(labels));
    }

    private static int? PortOf(JsonObject pod)
        => int.TryParse(pod.Annotation("prometheus.io/port"), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port
            : pod.ListAt("spec", "containers").SelectMany(c => c.ListAt("ports")).FirstOrDefault().Integer("containerPort");

    private static string LabelName(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
}
