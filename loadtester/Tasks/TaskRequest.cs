namespace CanaryFunctions.LoadTester.Tasks;

/// <summary>A task to run.</summary>
/// <param name="Run">The release it belongs to; empty when the sender does not say.</param>
/// <param name="Hook">The webhook's name; empty when the sender does not say.</param>
internal sealed record TaskRequest(TaskKey Key, string Run, string Hook);
