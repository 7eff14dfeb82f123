namespace CanaryFunctions.Core;

/// <summary>The install's settings. Names and defaults are the contract's where it has them (contracts/core.md 5.1); the environment's name of <c>mesh-provider</c> is <c>MESH_PROVIDER</c>.</summary>
public sealed class CanaryOptions
{
    /// <summary><c>mesh-provider</c>: routing provider of Canaries that name none. No default: such a Canary is refused.</summary>
    public string? MeshProvider { get; set; }

    /// <summary><c>metrics-server</c>: Prometheus of the built-in and inline checks.</summary>
    public string MetricsServer { get; set; } = "http://prometheus:9090";

    /// <summary><c>namespace</c>: the only namespace looked at; empty for all.</summary>
    public string Namespace { get; set; } = "";

    /// <summary><c>selector-labels</c>: label keys that may select the target's pods, in order of preference.</summary>
    public IReadOnlyList<string> SelectorLabels { get; set; } = ["app", "name", "app.kubernetes.io/name"];

    /// <summary><c>include-label-prefix</c>: labels and annotations of the target that the primary gets; <c>*</c> for all, none for none.</summary>
    public IReadOnlyList<string> IncludeLabelPrefixes { get; set; } = [];

    /// <summary><c>cluster-name</c>: shown in every alert and event hook; empty for not at all.</summary>
    public string ClusterName { get; set; } = "";

    /// <summary>The cluster's name in messages, so that one queue can serve several clusters; null without <see cref="ClusterName"/>.</summary>
    public string? MessageCluster => ClusterName.Length == 0 ? null : ClusterName;

    /// <summary><c>no-cross-namespace-refs</c>.</summary>
    public bool NoCrossNamespaceRefs { get; set; }

    /// <summary><c>event-webhook</c>: told of every event of Canaries without event hooks of their own; empty for nobody.</summary>
    public string EventWebhook { get; set; } = "";

    public string SlackUrl { get; set; } = "";

    public string SlackToken { get; set; } = "";

    public string SlackUser { get; set; } = "flagger";

    public string SlackChannel { get; set; } = "general";

    public string SlackProxyUrl { get; set; } = "";

    public string MsTeamsUrl { get; set; } = "";

    public string MsTeamsProxyUrl { get; set; } = "";

    /// <summary><c>minimum-interval</c>: an analysis interval below it counts as this. Default 10 s, as in the contract.</summary>
    public TimeSpan MinimumInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often nominal time passes in one unit of real time; 1 but in the embedded cluster. Divides waits, deadlines and windows, never timestamps.</summary>
    public double Speed { get; set; } = 1;

    /// <summary>A nominal duration in real time.</summary>
    public TimeSpan Scaled(TimeSpan nominal) => nominal / Speed;
}
