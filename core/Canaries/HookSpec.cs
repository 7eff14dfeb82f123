using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Canaries;

/// <summary>One entry of <c>analysis.webhooks</c> (contracts/hooks-alerts.md 1.1).</summary>
public sealed record HookSpec
{
    public string Name { get; private init; } = "";

    public HookType Type { get; private init; }

    public string Url { get; private init; } = "";

    /// <summary>For one attempt. Default 10 s; 0 or unreadable counts as absent.</summary>
    public TimeSpan Timeout { get; private init; }

    /// <summary>Further attempts.</summary>
    public int Retries { get; private init; }

    public bool MuteAlert { get; private init; }

    /// <summary>Skips the verification of the server's certificate; the contract calls it <c>disableTLS</c>.</summary>
    public bool InsecureSkipVerify { get; private init; }

    public IReadOnlyDictionary<string, string> Metadata { get; private init; } = new Dictionary<string, string>();

    /// <summary>The contract's word for the type, as in <c>confirm-rollout</c>.</summary>
    public string TypeName => HookTypes.Names[Type];

    /// <summary>The install's own hook, told of all events (contracts/hooks-alerts.md 1.6).</summary>
    public static HookSpec ForEvents(string url) => new() { Name = "events", Type = HookType.Event, Url = url, Timeout = TimeSpan.FromSeconds(10) };

    internal static HookSpec Read(JsonNode node) => new()
    {
        Name = node.Text("name") ?? "",
        Type = HookTypes.Parse(node.Text("type")) ?? HookType.Rollout,
        Url = node.Text("url") ?? "",
        Timeout = GoDuration.TryParse(node.Text("timeout"), out var timeout) && timeout > TimeSpan.Zero ? timeout : TimeSpan.FromSeconds(10),
        Retries = Math.Max(0, node.Integer("retries") ?? 0),
        MuteAlert = node.Flag("muteAlert") ?? false,
        InsecureSkipVerify = node.Flag("disableTLS") ?? false,
        Metadata = node.Map("metadata"),
    };
}

public enum HookType
{
    Rollout,
    ConfirmRollout,
    PreRollout,
    ConfirmTrafficIncrease,
    ConfirmPromotion,
    PostRollout,
    Rollback,
    Event,
}

public static class HookTypes
{
    public static readonly IReadOnlyDictionary<HookType, string> Names = new Dictionary<HookType, string>
    {
        [HookType.Rollout] = "rollout",
        [HookType.ConfirmRollout] = "confirm-rollout",
        [HookType.PreRollout] = "pre-rollout",
        [HookType.ConfirmTrafficIncrease] = "confirm-traffic-increase",
        [HookType.ConfirmPromotion] = "confirm-promotion",
        [HookType.PostRollout] = "post-rollout",
        [HookType.Rollback] = "rollback",
        [HookType.Event] = "event",
    };

    /// <summary>Null for an unknown word; absent and empty mean <see cref="HookType.Rollout"/>.</summary>
    public static HookType? Parse(string? name)
        => string.IsNullOrEmpty(name) ? HookType.Rollout
            : Names.Where(n => n.Value == name).Select(n => (HookType?)n.Key).FirstOrDefault();
}
