using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Providers.Notifiers;

/// <summary>What the notifiers share.</summary>
internal static class NotifierDefaults
{
    private const int MaxShownBody = 200;

    /// <summary>Of one delivery (contracts/hooks-alerts.md 2.6). Trying again is the delivery's.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static string Refused(string service, HttpAnswer answer)
    {
        var body = answer.Body.Trim();
        var shown = body.Length > MaxShownBody ? body[..MaxShownBody] + "..." : body;
        return $"{service} refused the message: status {answer.Status}{(shown.Length > 0 ? $": {shown}" : "")}";
    }
}
