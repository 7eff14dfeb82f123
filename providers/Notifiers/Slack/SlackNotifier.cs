using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Providers.Notifiers.Slack;

/// <summary>
/// Slack, by incoming webhook or, with a token, by <c>chat.postMessage</c> (contracts/hooks-alerts.md 2.7). The API refuses with status 200 and
/// <c>ok: false</c>.
/// </summary>
internal sealed class SlackNotifier : INotifier
{
    public string Name => "slack";

    public HttpCall Render(Alert alert, AlertAddress address) => new("POST", address.Url, NotifierDefaults.Timeout)
    {
        Headers = address.Token is { Length: > 0 } token ? [KeyValuePair.Create("Authorization", $"Bearer {token}")] : [],
        Body = Payload(alert, address).ToJsonString(),
        Proxy = address.Proxy,
        DisplayName = "slack webhook",
    };

    public string? Problem(HttpAnswer answer)
        => !answer.IsSuccess ? NotifierDefaults.Refused("slack", answer)
            : Json(answer.Body) is { } reply && reply.Flag("ok") == false ? $"slack refused the message: {reply.Text("error") ?? "no reason given"}"
            : null;

    private static JsonObject Payload(Alert alert, AlertAddress address)
    {
        var payload = new JsonObject();
        if (address.Channel.Length > 0)
        {
            payload["channel"] = address.Channel;
        }

        payload["username"] = address.Username;
        payload["icon_emoji"] = ":rocket:";
        payload["attachments"] = new JsonArray(new JsonObject
        {
            ["color"] = Colour(alert.Severity),
            ["author_name"] = Escape(alert.Subject),
            ["text"] = Escape(alert.Text),
            ["mrkdwn_in"] = new JsonArray("text"),
            ["fields"] = new JsonArray([.. alert.Fields.Select(f => (JsonNode)new JsonObject
            {
                ["title"] = Escape(f.Name),
                ["value"] = Escape(f.Value),
                ["short"] = false,
            })]),
        });
        return payload;
    }

    private static string Colour(AlertSeverity severity) => severity switch
    {
        AlertSeverity.Error => "danger",
        AlertSeverity.Warn => "warning",
        _ => "good",
    };

    /// <summary>The three characters that Slack reads as the start of something.</summary>
    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    private static JsonObject? Json(string body)
    {
        try
        {
            return body.StartsWith('{') ? JsonNode.Parse(body) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;    // an incoming webhook answers in plain text
        }
    }
}
