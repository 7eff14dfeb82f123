using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Queues.InProcess;

/// <summary>Messages of one queue by what they wait for.</summary>
/// <param name="Ready">For a receiver.</param>
/// <param name="Delayed">For their time.</param>
/// <param name="InFlight">For their handler to settle them.</param>
/// <param name="Dead">For a person.</param>
public sealed record QueueDepth(int Ready, int Delayed, int InFlight, int Dead);

/// <summary>A message that was delivered too often without success.</summary>
/// <param name="Reason">Why the last delivery failed.</param>
public sealed record DeadLetter(QueueMessage Message, int Deliveries, string Reason, DateTimeOffset At);
