namespace CanaryFunctions.Core.Canaries;

/// <summary>One entry of <c>status.conditions</c> (contracts/core.md 3.5).</summary>
/// <param name="Status"><c>True</c>, <c>False</c> or <c>Unknown</c>.</param>
public sealed record Condition(string Type, string Status, string Reason, string Message, DateTimeOffset LastUpdateTime, DateTimeOffset LastTransitionTime)
{
    /// <summary>Whether the last revision was promoted; the contract's only type. <c>kubectl wait --for=condition=promoted</c> relies on it.</summary>
    public const string Promoted = "Promoted";

    /// <summary>Whether the Canary can be acted on: its spec is valid, what it refers to exists, nobody else owns the target.</summary>
    public const string Accepted = "Accepted";

    /// <summary>True while <c>spec.suspend</c> holds everything.</summary>
    public const string Suspended = "Suspended";

    /// <summary>True when target and primary differ although no release is under way: a revision that waits for its first change.</summary>
    public const string PendingRevision = "PendingRevision";

    /// <summary>Whether the metric servers that the analysis asks answer.</summary>
    public const string MetricsAvailable = "MetricsAvailable";

    /// <summary>False while there is no way to a hook that the release asks; absent otherwise.</summary>
    public const string HooksAvailable = "HooksAvailable";

    public const string True = "True";
    public const string False = "False";
    public const string Unknown = "Unknown";

    /// <summary>The list with this condition in it: untouched when nothing but the time differs, and with its transition time kept while the status stays.</summary>
    public static IReadOnlyList<Condition> Set(IReadOnlyList<Condition> all, string type, string status, string reason, string message, DateTimeOffset now)
    {
        var old = all.FirstOrDefault(c => c.Type == type);
        if (old is not null && old.Status == status && old.Reason == reason && old.Message == message)
        {
            return all;
        }

        var since = old?.Status == status ? old.LastTransitionTime : now;
        var next = new Condition(type, status, reason, message, now, since);
        return old is null ? [.. all, next] : [.. all.Select(c => c.Type == type ? next : c)];
    }

    /// <summary>The list without this condition.</summary>
    public static IReadOnlyList<Condition> Remove(IReadOnlyList<Condition> all, string type)
        => all.Any(c => c.Type == type) ? [.. all.Where(c => c.Type != type)] : all;
}
