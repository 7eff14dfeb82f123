namespace CanaryFunctions.Cluster.Tests.Faults;

/// <summary>What came of a fault: a row of the report.</summary>
/// <param name="What">What was done and what was seen.</param>
/// <param name="Releases">How many, and how they ended.</param>
/// <param name="Sent">Requests of users at the gateway.</param>
/// <param name="Failed">Those without an answer, or with another status than 200.</param>
/// <param name="Problem">Null when everything was as it must be.</param>
internal sealed record FaultRow(string Fault, string What, string Releases, int Sent, int Failed, TimeSpan Took, string? Problem);
