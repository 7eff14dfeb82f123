using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Canaries;

/// <summary>Reads and writes <see cref="CanaryStatus"/>. Lists are rings: whole entries fall out, oldest first; the outbox never loses one.</summary>
internal static class StatusJson
{
    internal const int MaxMeasurements = 10;
    internal const int MaxDeliveries = 64;
    internal const int MaxClaims = 16;
    internal const int MaxPassedHooks = 40;
    internal const int MaxText = 1024;
    internal const int MaxName = 128;

    private static readonly string[] Ours =
    [
        "phase", "failedChecks", "canaryWeight", "iterations", "lastAppliedSpec", "lastPromotedSpec", "lastTransitionTime", "conditions",
        "observedGeneration", "observedTargetGeneration", "targetGeneration", "runId", "startedBy", "step", "nextStepAt", "deadlineAt", "waits", "trafficSince", "passedHooks",
        "measurements", "outbox", "deliveries", "claims",
    ];

    internal static CanaryStatus Read(JsonObject? status)
    {
        var others = status?.Copy() ?? [];
        foreach (var key in Ours)
        {
            others.Remove(key);
        }

        return new()
        {
            Phase = ReadPhase(status.Text("phase")),
            FailedChecks = status.Integer("failedChecks") ?? 0,
            CanaryWeight = Math.Clamp(status.Integer("canaryWeight") ?? 0, 0, 100),
            Iterations = status.Integer("iterations") ?? 0,
            LastAppliedSpec = status.Text("lastAppliedSpec"),
            LastPromotedSpec = status.Text("lastPromotedSpec"),
            LastTransitionTime = status.Time("lastTransitionTime"),
            Conditions = [.. status.ListAt("conditions").Select(ReadCondition)],
            ObservedGeneration = Long(status, "observedGeneration"),
            ObservedTargetGeneration = Long(status, "observedTargetGeneration"),
            TargetGeneration = Long(status, "targetGeneration"),
            RunId = status.Text("runId"),
            StartedBy = status.Text("startedBy"),
            Step = Long(status, "step"),
            NextStepAt = status.Time("nextStepAt"),
            DeadlineAt = status.Time("deadlineAt"),
            Waits = status.Integer("waits") ?? 0,
            TrafficSince = status.Time("trafficSince"),
            PassedHooks = Texts(status, "passedHooks"),
            Measurements = [.. status.ListAt("measurements").Select(ReadMeasurement)],
            Outbox = [.. status.ListAt("outbox").Select(ReadOutbox)],
            Deliveries = Texts(status, "deliveries"),
            Claims = [.. status.ListAt("claims").Select(ReadClaim)],
            Others = others,
        };
    }

    internal static JsonObject Write(CanaryStatus status)
    {
        var json = status.Others.Copy();
        json["phase"] = PhaseName(status.Phase);
        json["failedChecks"] = status.FailedChecks;
        json["canaryWeight"] = status.CanaryWeight;
        json["iterations"] = status.Iterations;
        Set(json, "lastAppliedSpec", status.LastAppliedSpec);
        Set(json, "lastPromotedSpec", status.LastPromotedSpec);
        Set(json, "lastTransitionTime", status.LastTransitionTime is { } at ? KubeObject.Timestamp(at) : null);
        Set(json, "conditions", status.Conditions, WriteCondition);
        json["observedGeneration"] = status.ObservedGeneration;
        json["observedTargetGeneration"] = status.ObservedTargetGeneration;
        json["targetGeneration"] = status.TargetGeneration;
        Set(json, "runId", status.RunId);
        Set(json, "startedBy", status.StartedBy is { } user ? Cut(user, MaxName) : null);
        json["step"] = status.Step;
        Set(json, "nextStepAt", Micro(status.NextStepAt));
        Set(json, "deadlineAt", Micro(status.DeadlineAt));
        json["waits"] = status.Waits;
        Set(json, "trafficSince", Micro(status.TrafficSince));
        Set(json, "passedHooks", Newest(status.PassedHooks, MaxPassedHooks), Text);
        Set(json, "measurements", Newest(status.Measurements, MaxMeasurements), WriteMeasurement);
        Set(json, "outbox", status.Outbox, WriteOutbox);
        Set(json, "deliveries", Newest(status.Deliveries, MaxDeliveries), Text);
        Set(json, "claims", Newest(status.Claims, MaxClaims), WriteClaim);
        return json;
    }

    internal static string PhaseName(CanaryPhase phase) => phase == CanaryPhase.None ? "" : phase.ToString();

    private static CanaryPhase ReadPhase(string? phase) => Enum.TryParse<CanaryPhase>(phase, out var known) ? known : CanaryPhase.None;

    private static long Long(JsonNode? node, string key) => node.Number(key) is { } number ? (long)number : 0;

    private static string? Micro(DateTimeOffset? time) => time is { } at ? KubeObject.MicroTimestamp(at) : null;

    private static IReadOnlyList<string> Texts(JsonNode? node, string key) => [.. node.ListAt(key).Select(n => n.Text()).OfType<string>()];

    private static IReadOnlyList<T> Newest<T>(IReadOnlyList<T> all, int most) => all.Count <= most ? all : [.. all.Skip(all.Count - most)];

    private static JsonNode Text(string text) => JsonValue.Create(Cut(text, MaxName));

    private static void Set(JsonObject json, string key, string? value)
    {
        if (value is not null)
        {
            json[key] = value;
        }
    }

    private static void Set<T>(JsonObject json, string key, IReadOnlyList<T> items, Func<T, JsonNode> write)
    {
        if (items.Count > 0)
        {
            json[key] = new JsonArray([.. items.Select(write)]);
        }
    }

    // By bytes of UTF-8, which is what the API server stores; never in the middle of a character.
    private static string Cut(string text, int most = MaxText)
    {
        const string Mark = "…";
        if (Encoding.UTF8.GetByteCount(text) <= most)
        {
            return text;
        }

        var (length, bytes) = (0, Encoding.UTF8.GetByteCount(Mark));
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > most)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return string.Concat(text.AsSpan(0, length), Mark);
    }

    private static Condition ReadCondition(JsonNode node) => new(
        node.Text("type") ?? "",
        node.Text("status") ?? Condition.Unknown,
        node.Text("reason") ?? "",
        node.Text("message") ?? "",
        node.Time("lastUpdateTime") ?? DateTimeOffset.UnixEpoch,
        node.Time("lastTransitionTime") ?? DateTimeOffset.UnixEpoch);

    private static JsonObject WriteCondition(Condition condition) => new()
    {
        ["type"] = condition.Type,
        ["status"] = condition.Status,
        ["reason"] = condition.Reason,
        ["message"] = Cut(condition.Message),
        ["lastUpdateTime"] = KubeObject.Timestamp(condition.LastUpdateTime),
        ["lastTransitionTime"] = KubeObject.Timestamp(condition.LastTransitionTime),
    };

    // A number that JSON cannot hold travels as text.
    private static Measurement ReadMeasurement(JsonNode node) => new(
        node.Text("metric") ?? "",
        double.TryParse(node.Text("value"), CultureInfo.InvariantCulture, out var value) ? value : double.NaN,
        node.Time("at") ?? DateTimeOffset.UnixEpoch,
        node.Text("bound"));

    private static JsonObject WriteMeasurement(Measurement measurement)
    {
        var json = new JsonObject
        {
            ["metric"] = Cut(measurement.Metric, MaxName),
            ["value"] = measurement.Value.ToString("R", CultureInfo.InvariantCulture),
            ["at"] = KubeObject.Timestamp(measurement.At),
        };
        Set(json, "bound", measurement.Bound is { } bound ? Cut(bound, MaxName) : null);
        return json;
    }

    private static DeliveryClaim ReadClaim(JsonNode node) => new(node.Text("id") ?? "", node.Time("until") ?? DateTimeOffset.UnixEpoch);

    private static JsonObject WriteClaim(DeliveryClaim claim) => new() { ["id"] = Cut(claim.Id, MaxName), ["until"] = KubeObject.MicroTimestamp(claim.Until) };

    private static OutboxEntry ReadOutbox(JsonNode node)
        => new(Long(node, "step"), node.Integer("index") ?? 0, Enum.TryParse<OutboxKind>(node.Text("kind"), out var kind) ? kind : OutboxKind.Event, node.Text("phase") ?? "")
        {
            IsWarning = node.Flag("warning") ?? false,
            Reason = node.Text("reason") ?? "",
            Message = node.Text("message") ?? "",
            Severity = Enum.TryParse<AlertSeverity>(node.Text("severity"), out var severity) ? severity : AlertSeverity.Info,
            WithMetadata = node.Flag("metadata") ?? false,
            RunId = node.Text("runId"),
            At = node.Time("at") ?? DateTimeOffset.UnixEpoch,
        };

    private static JsonObject WriteOutbox(OutboxEntry entry)
    {
        var json = new JsonObject
        {
            ["step"] = entry.Step,
            ["index"] = entry.Index,
            ["kind"] = entry.Kind.ToString(),
            ["phase"] = entry.Phase,
            ["warning"] = entry.IsWarning,
            ["reason"] = entry.Reason,
            ["message"] = Cut(entry.Message),
            ["severity"] = entry.Severity.ToString(),
            ["metadata"] = entry.WithMetadata,
            ["at"] = KubeObject.MicroTimestamp(entry.At),
        };
        Set(json, "runId", entry.RunId);
        return json;
    }
}
