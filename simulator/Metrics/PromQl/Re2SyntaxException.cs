namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>A regular expression that RE2, and so Prometheus, does not accept.</summary>
internal sealed class Re2SyntaxException(string problem, string fragment)
    : Exception($"error parsing regexp: {problem}: `{fragment}`");
