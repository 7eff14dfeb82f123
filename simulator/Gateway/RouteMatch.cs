using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Workloads;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Gateway;

/// <summary>A request as routes look at it.</summary>
/// <param name="Host">Host header in lower case, without port.</param>
/// <param name="Path">Decoded path, beginning with a slash.</param>
public sealed record GatewayRequest(string Method, string Host, string Path, IHeaderDictionary Headers);

/// <summary>A Service and one of its ports.</summary>
public sealed record BackendRef(ObjectKey Service, ServicePort Port);

/// <summary>The backend that a request goes to, and who keeps count of it.</summary>
public sealed record RouteMatch(BackendRef Backend, IRouteMeter Meter);

/// <summary>One answered request. Durations are nominal seconds.</summary>
/// <param name="Code">HTTP status sent to the client.</param>
/// <param name="Duration">From the request's arrival to the end of its answer.</param>
/// <param name="BackendDuration">The backend's part of it.</param>
public readonly record struct Served(string Method, string Host, int Code, double Duration, double BackendDuration);

/// <summary>Keeps a data plane's own metric series of one route's backend. Thread-safe and cheap: it is called once a request.</summary>
public interface IRouteMeter
{
    void Record(in Served served);
}
