using CanaryFunctions.Core;

namespace CanaryFunctions.LoadTester.Tasks;

/// <summary>What <c>metadata.type</c> names.</summary>
internal interface ITaskType : INamed
{
    /// <summary>Runs or starts the task and writes the answer.</summary>
    Task HandleAsync(TaskRequest request, IReadOnlyDictionary<string, string> metadata, HttpContext context);
}
