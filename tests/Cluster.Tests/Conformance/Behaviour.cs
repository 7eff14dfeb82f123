namespace CanaryFunctions.Cluster.Tests.Conformance;

/// <summary>
/// Something that every API server does: requests, and the transcript that they must give. <paramref name="Real"/> is set where Kubernetes 1.20 differs from the
/// later version that the embedded server stands for, and <paramref name="Because"/> says why.
/// </summary>
internal sealed record Behaviour(string Name, Func<ApiProbe, Task> Run, string Expected, string? Real = null, string? Because = null);
