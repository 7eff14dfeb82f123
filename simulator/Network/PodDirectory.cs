using System.Collections.Concurrent;

namespace CanaryFunctions.Simulator.Network;

/// <summary>Where the made-up addresses of pods are served on this machine. Thread-safe.</summary>
public sealed class PodDirectory
{
    private const int AnyPort = 0;

    private readonly ConcurrentDictionary<(string Ip, int Port), LoopbackTarget> _targets = new();

    /// <summary>Serves one port of an address. An address that declares no port at all is registered with <see cref="RegisterAnyPort"/>.</summary>
    public void Register(string ip, int port, LoopbackTarget target) => _targets[(ip, port)] = target;

    /// <summary>Serves every port of an address that has no registration of its own.</summary>
    public void RegisterAnyPort(string ip, LoopbackTarget target) => _targets[(ip, AnyPort)] = target;

    public void Remove(string ip)
    {
        foreach (var key in _targets.Keys.Where(k => k.Ip == ip))
        {
            _targets.TryRemove(key, out _);
        }
    }

    /// <summary>Null: nothing listens there.</summary>
    public LoopbackTarget? Find(string ip, int port)
        => _targets.TryGetValue((ip, port), out var target) || _targets.TryGetValue((ip, AnyPort), out target) ? target : null;

    public bool Knows(string ip) => _targets.Keys.Any(k => k.Ip == ip);
}
