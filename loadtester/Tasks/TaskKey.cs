using CanaryFunctions.Core;

namespace CanaryFunctions.LoadTester.Tasks;

/// <summary>Two submissions with the same key are the same task.</summary>
internal readonly record struct TaskKey(CanaryKey Canary, string Type, string Command);
