namespace CanaryFunctions.Providers.Metrics.Prometheus.Syntax;

/// <summary>The text is no PromQL; the message says where and why.</summary>
internal sealed class PromQlException(string message) : Exception(message)
{
    /// <param name="position">Index of the character that is wrong.</param>
    public static PromQlException At(string query, int position, string problem)
    {
        var line = 1 + query.AsSpan(0, position).Count('\n');
        var start = position == 0 ? 0 : query.LastIndexOf('\n', position - 1) + 1;
        return new($"line {line}, character {position - start + 1}: {problem}");
    }
}
