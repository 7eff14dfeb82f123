using System.Text.Json.Nodes;
using CanaryFunctions.Core.Notifying;

namespace CanaryFunctions.Providers.Notifiers.Teams;

/// <summary>The card that Workflows take: version 1.4, the highest that all of them show, in the envelope that their templates iterate over.</summary>
internal static class AdaptiveCard
{
    public static JsonObject Render(Alert alert)
    {
        var body = new JsonArray(
            new JsonObject
            {
                ["type"] = "TextBlock",
                ["text"] = TeamsText.Escape(alert.Subject),
                ["size"] = "Large",
                ["weight"] = "Bolder",
                ["wrap"] = true,
            },
            new JsonObject { ["type"] = "TextBlock", ["text"] = TeamsText.Escape(alert.Text), ["wrap"] = true, ["color"] = Colour(alert.Severity) });
        if (alert.Fields.Count > 0)
        {
            body.Add((JsonNode)new JsonObject
            {
                ["type"] = "FactSet",
                ["facts"] = new JsonArray([.. alert.Fields.Select(f => (JsonNode)new JsonObject
                {
                    ["title"] = TeamsText.Escape(f.Name),
                    ["value"] = TeamsText.Escape(f.Value),
                })]),
            });
        }

        return new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["contentType"] = "application/vnd.microsoft.card.adaptive",
                ["contentUrl"] = null,
                ["content"] = new JsonObject
                {
                    ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
                    ["type"] = "AdaptiveCard",
                    ["version"] = "1.4",
                    ["msteams"] = new JsonObject { ["width"] = "Full" },
                    ["body"] = body,
                },
            }),
        };
    }

    private static string Colour(AlertSeverity severity) => severity switch
    {
        AlertSeverity.Error => "Attention",
        AlertSeverity.Warn => "Warning",
        _ => "Good",
    };
}
