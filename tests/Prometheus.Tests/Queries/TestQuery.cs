namespace CanaryFunctions.Prometheus.Tests.Queries;

/// <summary>A query, and whether the order of its answer's elements means something.</summary>
/// <param name="Source">Where it comes from, for messages.</param>
internal sealed record TestQuery(string Text, string Source, bool IsOrdered = false);
