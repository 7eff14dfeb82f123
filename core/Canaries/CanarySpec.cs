using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Canaries;

/// <summary>
/// <c>Canary.spec</c> (contracts/core.md 1.2), read leniently with the contract's defaults: what cannot be read is as if it were not there, and
/// is the validator's to report. Fields that only some routers read are found in <see cref="Canary.Raw"/>.
/// </summary>
public sealed record CanarySpec
{
    /// <summary>Routing provider; null when the install's default applies.</summary>
    public string? Provider { get; private init; }

    /// <summary>Base URL of the Prometheus for built-in and inline checks; null when the install's default applies.</summary>
    public string? MetricsServer { get; private init; }

    public ObjectReference TargetRef { get; private init; } = new("", "", "");

    public AutoscalerReference? AutoscalerRef { get; private init; }

    public ObjectReference? IngressRef { get; private init; }

    public ObjectReference? RouteRef { get; private init; }

    public ObjectReference? UpstreamRef { get; private init; }

    public ServiceSpec Service { get; private init; } = ServiceSpec.Read(null);

    public AnalysisSpec Analysis { get; private init; } = AnalysisSpec.Read(null);

    /// <summary>How long a track may go without progress. Default 600 s.</summary>
    public TimeSpan ProgressDeadline { get; private init; }

    /// <summary>Promote without analysis; also when no analysis is given.</summary>
    public bool SkipAnalysis { get; private init; }

    public bool RevertOnDeletion { get; private init; }

    public bool Suspend { get; private init; }

    internal static CanarySpec Read(JsonNode? spec) => new()
    {
        Provider = NullIfEmpty(spec.Text("provider")),
        MetricsServer = NullIfEmpty(spec.Text("metricsServer")),
        TargetRef = ObjectReference.Read(spec.At("targetRef")) ?? new("", "", ""),
        AutoscalerRef = AutoscalerReference.Read(spec.At("autoscalerRef")),
        IngressRef = ObjectReference.Read(spec.At("ingressRef")),
        RouteRef = ObjectReference.Read(spec.At("routeRef")),
        UpstreamRef = ObjectReference.Read(spec.At("upstreamRef")),
        Service = ServiceSpec.Read(spec.At("service")),
        Analysis = AnalysisSpec.Read(AnalysisOf(spec)),
        ProgressDeadline = TimeSpan.FromSeconds(spec.Integer("progressDeadlineSeconds") ?? 600),
        SkipAnalysis = spec.Flag("skipAnalysis") ?? AnalysisOf(spec) is null,
        RevertOnDeletion = spec.Flag("revertOnDeletion") ?? false,
        Suspend = spec.Flag("suspend") ?? false,
    };

    // One that was stored as v1alpha3 before a conversion was registered has the old name (contracts/core.md 1.9).
    private static JsonNode? AnalysisOf(JsonNode? spec) => spec.At("analysis") ?? spec.At("canaryAnalysis");

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary><c>spec.autoscalerRef</c> with the primary scaler's overrides.</summary>
public sealed record AutoscalerReference(ObjectReference Reference)
{
    /// <summary>KEDA only: trigger name to the primary's query.</summary>
    public IReadOnlyDictionary<string, string> PrimaryQueries { get; private init; } = new Dictionary<string, string>();

    public int? PrimaryMinReplicas { get; private init; }

    public int? PrimaryMaxReplicas { get; private init; }

    internal static AutoscalerReference? Read(JsonNode? node)
        => ObjectReference.Read(node) is not { } reference ? null : new(reference)
        {
            PrimaryQueries = node.Map("primaryScalerQueries"),
            PrimaryMinReplicas = node.Integer("primaryScalerReplicas", "minReplicas"),
            PrimaryMaxReplicas = node.Integer("primaryScalerReplicas", "maxReplicas"),
        };
}
