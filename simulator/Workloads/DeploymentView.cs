using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Simulator.Workloads;

/// <summary>A Deployment with the ReplicaSets it controls, told apart into the current one and the older ones (oldest first).</summary>
internal sealed record DeploymentView(JsonObject Deployment, JsonObject? Current, IReadOnlyList<JsonObject> Older)
{
    public const string RevisionAnnotation = "deployment.kubernetes.io/revision";

    public int Wanted => Deployment.Integer("spec", "replicas") ?? 1;

    public IEnumerable<JsonObject> Sets => Current is null ? Older : Older.Append(Current);

    public bool IsRecreate => Deployment.Text("spec", "strategy", "type") == "Recreate";

    public bool IsPaused => Deployment.Flag("spec", "paused") == true;

    /// <summary>How many pods there may be above the wanted number; a percentage is rounded up.</summary>
    public int MaxSurge => IsRecreate ? 0 : Bound("maxSurge", Math.Ceiling);

    /// <summary>How many of the wanted pods may be missing; a percentage is rounded down. Never 0 together with <see cref="MaxSurge"/>: nothing could move.</summary>
    public int MaxUnavailable => Math.Min(Wanted, (Bound("maxUnavailable", Math.Floor), MaxSurge) is (0, 0) ? 1 : Bound("maxUnavailable", Math.Floor));

    public static DeploymentView Of(JsonObject deployment, IEnumerable<JsonObject> sets)
    {
        var template = ShortNames.OfTemplate(deployment.At("spec", "template"));
        var own = sets.Where(s => !s.IsBeingDeleted() && Ownership.IsControlledBy(s, deployment)).OrderBy(Revision).ToList();
        var current = own.Find(s => s.Label("pod-template-hash") == template);
        return new(deployment, current, [.. own.Where(s => s != current)]);
    }

    public static long Revision(JsonObject set)
        => long.TryParse(set.Annotation(RevisionAnnotation), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : 0;

    /// <summary><c>spec.replicas</c> of a ReplicaSet.</summary>
    public static int Size(JsonObject set) => set.Integer("spec", "replicas") ?? 1;

    /// <summary>A counter of a ReplicaSet's status; absent is 0.</summary>
    public static int Count(JsonObject set, string field) => set.Integer("status", field) ?? 0;

    private int Bound(string field, Func<double, double> round)
    {
        var value = Deployment.At("spec", "strategy", "rollingUpdate", field);
        if (value.Number() is { } number)
        {
            return (int)number;
        }

        var text = value.Text() ?? "25%";
        return text.EndsWith('%') && double.TryParse(text[..^1], CultureInfo.InvariantCulture, out var percent) ? (int)round(Wanted * percent / 100) : 0;
    }
}
