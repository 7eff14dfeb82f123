using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Printing;

/// <summary>The columns of events, which start with when they were last seen.</summary>
internal static class EventCells
{
    public static IReadOnlyList<TableColumn> Columns { get; } =
    [
        new("Last Seen", LastSeen),
        new("Type", (o, _) => o.Str("type")),
        new("Reason", (o, _) => o.Str("reason")),
        new("Object", (o, _) => $"{o.Str("involvedObject", "kind")?.ToLowerInvariant()}/{o.Str("involvedObject", "name")}"),
        new("Subobject", (o, _) => o.Str("involvedObject", "fieldPath") ?? "", Priority: 1),
        new("Source", (o, _) => BuiltInColumns.Join(new[] { o.Str("source", "component") ?? o.Str("reportingComponent"), o.Str("source", "host") }.Where(s => !string.IsNullOrEmpty(s)), ""), Priority: 1),
        new("Message", (o, _) => o.Str("message")?.Trim()),
        new("First Seen", (o, now) => HumanAge.Since(First(o), now), Priority: 1),
        new("Count", (o, _) => Count(o), Priority: 1),
        new("Name", (o, _) => o.Str("metadata", "name"), Format: "name", Priority: 1),
    ];

    private static JsonNode? LastSeen(JsonObject item, DateTimeOffset now)
    {
        var last = item.Str("series", "lastObservedTime") ?? item.Str("lastTimestamp") ?? First(item);
        var seen = HumanAge.Since(last, now);
        return Count(item) is var count and > 1 ? $"{seen} (x{count} over {HumanAge.Since(First(item), now)})" : seen;
    }

    private static string? First(JsonObject item) => item.Str("firstTimestamp") ?? item.Str("eventTime") ?? item.Str("metadata", "creationTimestamp");

    private static long Count(JsonObject item) => item.Int("series", "count") ?? item.Int("count") ?? 1;
}
