using CanaryFunctions.Core;

namespace CanaryFunctions.LoadTester.Logging;

/// <summary>Log lines within concern this Canary.</summary>
internal sealed record CanaryScope(CanaryKey Canary);
