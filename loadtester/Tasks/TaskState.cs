namespace CanaryFunctions.LoadTester.Tasks;

/// <summary>Where a task is.</summary>
internal enum TaskState
{
    Running,
    Succeeded,
    Failed,
    TimedOut,
    Stopped,
}
