using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Canaries;

/// <summary>One entry of <c>analysis.metrics</c> (contracts/core.md 1.5).</summary>
public sealed record MetricSpec
{
    public const string SuccessRate = "request-success-rate";
    public const string Duration = "request-duration";

    public string Name { get; private init; } = "";

    /// <summary>Query window as written; default <c>1m</c>.</summary>
    public string Interval { get; private init; } = "1m";

    /// <summary>The deprecated single bound; used only without <see cref="Range"/>.</summary>
    public double Threshold { get; private init; }

    public ThresholdRange? Range { get; private init; }

    /// <summary>The deprecated inline PromQL template.</summary>
    public string? Query { get; private init; }

    public string? TemplateName { get; private init; }

    /// <summary>Null when it is the Canary's.</summary>
    public string? TemplateNamespace { get; private init; }

    public IReadOnlyDictionary<string, string> TemplateVariables { get; private init; } = new Dictionary<string, string>();

    public bool IsBuiltIn => Name is SuccessRate or Duration;

    /// <summary>The window as a time span; one minute where it cannot be read.</summary>
    public TimeSpan Window => GoDuration.ParseOr(Interval, TimeSpan.FromMinutes(1));

    internal static MetricSpec Read(JsonNode node) => new()
    {
        Name = node.Text("name") ?? "",
        Interval = string.IsNullOrEmpty(node.Text("interval")) ? "1m" : node.Text("interval")!,
        Threshold = node.Number("threshold") ?? 0,
        Range = node.At("thresholdRange") is JsonObject range ? new(range.Number("min"), range.Number("max")) : null,
        Query = string.IsNullOrWhiteSpace(node.Text("query")) ? null : node.Text("query"),
        TemplateName = node.Text("templateRef", "name"),
        TemplateNamespace = node.Text("templateRef", "namespace"),
        TemplateVariables = node.Map("templateVariables"),
    };
}

/// <summary>Inclusive bounds; a missing one does not bound.</summary>
public sealed record ThresholdRange(double? Min, double? Max);
