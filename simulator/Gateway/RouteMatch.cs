using CanaryFunctions.Simulator.Network;

namespace CanaryFunctions.Simulator.Gateway;

/// <summary>The backend that a request goes to, and who keeps count of it.</summary>
/// <param name="Meter">Null for a plane without series of its own.</param>
public sealed record RouteMatch(BackendRef Backend, IRouteMeter? Meter);

/// <summary>Keeps a data plane's own metric series of one route's backend. Thread-safe and cheap: it is called once a request.</summary>
public interface IRouteMeter
{
    void Record(in Served served);
}
