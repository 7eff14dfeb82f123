namespace CanaryFunctions.Functions;

/// <summary>A message is about a cluster that this app does not serve. It comes as often as the queue lets it, then lies in the poison queue until somebody looks.</summary>
public sealed class UnknownClusterException(string? name, IEnumerable<string> known) : Exception(
    (name is null ? "A message names no cluster, and this app serves several" : $"A message is about cluster '{name}', which this app does not serve")
    + $": {string.Join(", ", known)}. The webhook's CLUSTER_NAME and a CLUSTERS__name of this app must agree.");
