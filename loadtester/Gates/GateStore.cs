using System.Collections.Concurrent;
using CanaryFunctions.Core;

namespace CanaryFunctions.LoadTester.Gates;

/// <summary>
/// The gates of all Canaries, closed until opened, and open until closed (contracts/hooks-alerts.md 3.3). In memory: a
/// restart closes them all. Thread-safe.
/// </summary>
public sealed class GateStore
{
    // Kind and Canary are separate parts of the key, so a Canary called rollback.x cannot share a gate with Canary x.
    private readonly ConcurrentDictionary<(GateKind Kind, CanaryKey Canary), bool> _open = new();

    public bool IsOpen(GateKind kind, CanaryKey canary) => _open.ContainsKey((kind, canary));

    /// <summary>False when it was open already.</summary>
    public bool Open(GateKind kind, CanaryKey canary) => _open.TryAdd((kind, canary), true);

    /// <summary>False when it was closed already.</summary>
    public bool Close(GateKind kind, CanaryKey canary) => _open.TryRemove((kind, canary), out _);
}
