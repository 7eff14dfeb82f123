using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Network;

/// <summary>A Service and one of its ports.</summary>
public sealed record BackendRef(ObjectKey Service, ServicePort Port);
