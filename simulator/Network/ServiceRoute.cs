using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Network;

/// <summary>A Service and its ready endpoints, ready for lookups: made anew whenever either changes.</summary>
internal sealed class ServiceRoute
{
    private readonly List<PortRoute> _ports = [];
    private readonly ObjectKey _key;

    private ServiceRoute(ObjectKey key) => _key = key;

    public static ServiceRoute Of(JsonObject service, JsonObject? endpoints)
    {
        var route = new ServiceRoute(ObjectKey.Of(service));
        foreach (var port in service.ListAt("spec", "ports"))
        {
            var name = port.Text("name") ?? "";
            route._ports.Add(new(port.Integer("port") ?? 0, name, [.. ReadyAddresses(endpoints, name)]));
        }

        return route;
    }

    public Resolution Pick(ServicePort wanted, PodDirectory pods)
    {
        var port = wanted == ServicePort.Only ? (_ports is [var only] ? only : null)
            : _ports.Find(p => wanted.Name is null ? p.Number == wanted.Number : p.Name == wanted.Name);
        if (port is null)
        {
            return new(ResolutionFailure.UnknownPort, Service: _key, Ports: string.Join(", ", _ports.Select(p => p.Number)));
        }

        return port.Next(pods) is var (ip, target)
            ? new(ResolutionFailure.None, target, _key, Ip: ip)
            : new(ResolutionFailure.NoEndpoints, Service: _key);
    }

    private static IEnumerable<(string Ip, int Port)> ReadyAddresses(JsonObject? endpoints, string portName) =>
        from subset in endpoints.ListAt("subsets")
        from port in subset.ListAt("ports")
        where (port.Text("name") ?? "") == portName && port.Integer("port") is not null
        from address in subset.ListAt("addresses")
        where address.Text("ip") is { Length: > 0 }
        select (address.Text("ip")!, port.Integer("port")!.Value);

    private sealed class PortRoute(int number, string name, (string Ip, int Port)[] endpoints)
    {
        private uint _turn = uint.MaxValue;

        public int Number => number;

        public string Name => name;

        /// <summary>Takes turns; passes over an endpoint whose pod has just gone.</summary>
        public (string Ip, LoopbackTarget Target)? Next(PodDirectory pods)
        {
            for (var tries = 0; tries < endpoints.Length; tries++)
            {
                var (ip, port) = endpoints[Interlocked.Increment(ref _turn) % (uint)endpoints.Length];
                if (pods.Find(ip, port) is { } target)
                {
                    return (ip, target);
                }
            }

            return null;
        }
    }
}
