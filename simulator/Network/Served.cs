namespace CanaryFunctions.Simulator.Network;

/// <summary>One answered request. Durations are nominal seconds.</summary>
/// <param name="Host">As <see cref="RoutedRequest.Host"/>.</param>
/// <param name="Code">HTTP status of the answer.</param>
/// <param name="Duration">From the request's arrival to the end of its answer.</param>
/// <param name="BackendDuration">The backend's part of it.</param>
public readonly record struct Served(string Method, string Host, int Code, double Duration, double BackendDuration);
