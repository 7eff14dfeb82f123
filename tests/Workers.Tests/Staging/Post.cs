namespace CanaryFunctions.Workers.Tests.Staging;

/// <summary>A chat message as it came.</summary>
/// <param name="Worker">The life of a worker that sent it.</param>
/// <param name="Canary"><c>name.namespace</c>.</param>
internal sealed record Post(DateTimeOffset At, string Worker, string Canary, string Text);
