namespace CanaryFunctions.LoadTester;

/// <summary>A task came in while the load tester was stopping.</summary>
internal sealed class ShuttingDownException() : Exception("the load tester is stopping and starts no more tasks");
