using CanaryFunctions.Core;
using CanaryFunctions.Simulator.Network;

namespace CanaryFunctions.Simulator.Gateway;

/// <summary>
/// What one kind of ingress controller makes of its own routing objects. The gateway asks every plane, in order of their names, and the first match wins.
/// A plane follows its objects by itself; <see cref="Match"/> is called for each request, from several threads, and must not wait.
/// </summary>
public interface IDataPlane : INamed
{
    /// <summary>Completes when the first lists of its objects are in.</summary>
    Task Synced { get; }

    /// <summary>The route of a request, with one of its backends chosen; null where this plane has no route for it.</summary>
    RouteMatch? Match(RoutedRequest request);

    /// <summary>Whether some route names this host.</summary>
    bool KnowsHost(string host);
}
