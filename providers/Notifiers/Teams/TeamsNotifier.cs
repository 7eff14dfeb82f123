using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Providers.Notifiers.Teams;

/// <summary>
/// Microsoft Teams (contracts/hooks-alerts.md 2.7, 2.8): an Adaptive Card for Workflows addresses, a MessageCard for the older connector addresses.
/// </summary>
internal sealed class TeamsNotifier : INotifier
{
    // Teams takes 28 KB; the answer to more is an error long after it was accepted.
    private const int MaxBytes = 28 * 1024;
    private const int LongestText = 4096;
    private const int MostFields = 30;

    public string Name => "msteams";

    public HttpCall Render(Alert alert, AlertAddress address) => new("POST", address.Url, NotifierDefaults.Timeout)
    {
        Body = Body(alert, IsConnector(address.Url) ? MessageCard.Render : AdaptiveCard.Render),
        Proxy = address.Proxy,
        DisplayName = "msteams webhook",
    };

    /// <summary>Workflows answer 202. A connector answers 200 even where Teams refused the message; then its text says so.</summary>
    public string? Problem(HttpAnswer answer)
        => answer.IsSuccess && !answer.Body.Contains("message delivery failed", StringComparison.OrdinalIgnoreCase)
            ? null
            : NotifierDefaults.Refused("msteams", answer);

    private static bool IsConnector(Uri url)
        => url.Host.EndsWith(".webhook.office.com", StringComparison.OrdinalIgnoreCase)
            || url.Host.EndsWith(".outlook.office.com", StringComparison.OrdinalIgnoreCase)
            || url.Host.Equals("outlook.office.com", StringComparison.OrdinalIgnoreCase);

    /// <summary>Texts are cut shorter and shorter until the card is small enough; with this many fields it always gets there.</summary>
    private static string Body(Alert alert, Func<Alert, JsonObject> render)
    {
        var limit = LongestText;
        var body = render(Cut(alert, limit)).ToJsonString();
        while (Encoding.UTF8.GetByteCount(body) > MaxBytes)
        {
            limit /= 2;
            body = render(Cut(alert, limit)).ToJsonString();
        }

        return body;
    }

    private static Alert Cut(Alert alert, int limit) => alert with
    {
        Subject = Cut(alert.Subject, limit),
        Text = Cut(alert.Text, limit),
        Fields = [.. alert.Fields.Take(MostFields).Select(f => new AlertField(Cut(f.Name, limit), Cut(f.Value, limit)))],
    };

    private static string Cut(string text, int limit)
    {
        if (text.Length <= limit)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit;
        return $"{text[..end]}...";
    }
}
