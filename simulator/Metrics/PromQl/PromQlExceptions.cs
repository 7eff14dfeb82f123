namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>A query that is not PromQL. The message starts with line and column, both counted from 1, as Prometheus' does.</summary>
public sealed class PromQlParseException : Exception
{
    internal PromQlParseException(string query, int position, string problem)
        : base($"{Where(query, position)}: parse error: {problem}")
    {
    }

    private static string Where(string query, int position)
    {
        var before = query.AsSpan(0, Math.Min(position, query.Length));
        var line = before.Count('\n') + 1;
        return $"{line}:{before.Length - before.LastIndexOf('\n')}";
    }
}

/// <summary>A query that is well-formed but cannot be answered, such as an ambiguous match between two vectors.</summary>
public sealed class PromQlExecutionException(string problem) : Exception(problem);

/// <summary>A well-formed query of a type that the endpoint cannot use.</summary>
internal sealed class PromQlTypeException(string problem) : Exception(problem);
