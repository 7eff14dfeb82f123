namespace CanaryFunctions.Simulator.Metrics;

/// <summary>Prometheus' rules for names.</summary>
internal static class MetricNames
{
    public static bool IsMetricName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => IsLabelPart(c) || c == ':');

    public static bool IsLabelName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(IsLabelPart);

    public static bool IsLabelPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
