using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Notifying;

/// <summary>A chat service. Pure: renders an alert as the service's request and judges the answer; the delivery function sends. Found by <c>AlertProvider.spec.type</c>.</summary>
public interface INotifier : INamed
{
    /// <summary>The request to send (contracts/hooks-alerts.md 2.7, 2.8).</summary>
    HttpCall Render(Alert alert, AlertAddress address);

    /// <summary>Null when the service took the message, else why not. A service may refuse with status 200.</summary>
    string? Problem(HttpAnswer answer);
}

/// <summary>Something people are told.</summary>
/// <param name="Subject"><c>name.namespace</c> of the Canary.</param>
/// <param name="Text">One of the contract's sentences (contracts/hooks-alerts.md 2.1).</param>
public sealed record Alert(string Subject, string Text, AlertSeverity Severity, IReadOnlyList<AlertField> Fields);

public sealed record AlertField(string Name, string Value);

public enum AlertSeverity
{
    Info,
    Warn,
    Error,
}

/// <summary>Where an alert goes. <see cref="Url"/> and <see cref="Token"/> are secrets.</summary>
public sealed record AlertAddress(Uri Url)
{
    public string Channel { get; init; } = "general";

    public string Username { get; init; } = "flagger";

    public string? Token { get; init; }

    public Uri? Proxy { get; init; }
}
