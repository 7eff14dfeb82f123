using System.Text.Json.Nodes;
using CanaryFunctions.Core.Notifying;

namespace CanaryFunctions.Providers.Notifiers.Teams;

/// <summary>The card of the older Office 365 connectors.</summary>
internal static class MessageCard
{
    public static JsonObject Render(Alert alert) => new()
    {
        ["@type"] = "MessageCard",
        ["@context"] = "http://schema.org/extensions",
        ["themeColor"] = Colour(alert.Severity),
        ["summary"] = alert.Subject,
        ["sections"] = new JsonArray(new JsonObject
        {
            ["activityTitle"] = TeamsText.EscapeHtml(alert.Text),
            ["activitySubtitle"] = TeamsText.EscapeHtml(alert.Subject),
            ["facts"] = new JsonArray([.. alert.Fields.Select(f => (JsonNode)new JsonObject
            {
                ["name"] = TeamsText.EscapeHtml(f.Name),
                ["value"] = TeamsText.EscapeHtml(f.Value),
            })]),
        }),
    };

    private static string Colour(AlertSeverity severity) => severity switch
    {
        AlertSeverity.Error => "FF0000",
        AlertSeverity.Warn => "FFA500",
        _ => "0076D7",
    };
}
