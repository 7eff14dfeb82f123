using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Canaries;

/// <summary><c>spec.analysis</c> (contracts/core.md 1.4) with its effective defaults.</summary>
public sealed record AnalysisSpec
{
    /// <summary>Time between checks; default 60 s.</summary>
    public TimeSpan Interval { get; private init; }

    /// <summary>Failed checks that roll back; at least 1.</summary>
    public int Threshold { get; private init; }

    /// <summary>More than 0 asks for blue/green, or A/B testing together with <c>match</c>.</summary>
    public int Iterations { get; private init; }

    /// <summary>The canary's share grows by this much a step, in percent.</summary>
    public int StepWeight { get; private init; }

    /// <summary>The canary's shares in order, in percent; read when <see cref="StepWeight"/> is 0.</summary>
    public IReadOnlyList<int> StepWeights { get; private init; } = [];

    /// <summary><c>maxWeight</c> as written; 0 when absent.</summary>
    public int RawMaxWeight { get; private init; }

    /// <summary>The primary's share grows by this much a step while promoting; 0 moves everything at once.</summary>
    public int StepWeightPromotion { get; private init; }

    public bool Mirror { get; private init; }

    public bool HasMatch { get; private init; }

    public bool HasSessionAffinity { get; private init; }

    /// <summary>Percent of updated pods that have to be available.</summary>
    public int PrimaryReadyThreshold { get; private init; }

    public int CanaryReadyThreshold { get; private init; }

    public IReadOnlyList<MetricSpec> Metrics { get; private init; } = [];

    public IReadOnlyList<HookSpec> Hooks { get; private init; } = [];

    public IReadOnlyList<AlertSpec> Alerts { get; private init; } = [];

    /// <summary>The weight at which the canary is promoted, in percent.</summary>
    public int MaxWeight => StepWeight > 0 || StepWeights.Count == 0
        ? (RawMaxWeight > 0 ? Math.Min(RawMaxWeight, 100) : 100)
        : Math.Min(100, StepWeights[^1]);

    public IEnumerable<HookSpec> HooksOf(HookType type) => Hooks.Where(h => h.Type == type);

    internal static AnalysisSpec Read(JsonNode? node) => new()
    {
        Interval = GoDuration.TryParse(node.Text("interval"), out var interval) && interval > TimeSpan.Zero ? interval : TimeSpan.FromSeconds(60),
        Threshold = Math.Max(1, node.Integer("threshold") ?? 1),
        Iterations = node.Integer("iterations") ?? 0,
        StepWeight = node.Integer("stepWeight") ?? 0,
        StepWeights = [.. node.ListAt("stepWeights").Select(w => w.Integer()).OfType<int>()],
        RawMaxWeight = node.Integer("maxWeight") ?? 0,
        StepWeightPromotion = node.Integer("stepWeightPromotion") ?? 0,
        Mirror = node.Flag("mirror") ?? false,
        HasMatch = node.ListAt("match").Any(),
        HasSessionAffinity = node.At("sessionAffinity") is not null,
        PrimaryReadyThreshold = node.Integer("primaryReadyThreshold") ?? 100,
        CanaryReadyThreshold = node.Integer("canaryReadyThreshold") ?? 100,
        Metrics = [.. node.ListAt("metrics").Select(MetricSpec.Read)],
        Hooks = [.. node.ListAt("webhooks").Select(HookSpec.Read)],
        Alerts = [.. node.ListAt("alerts").Select(AlertSpec.Read)],
    };
}
