using System.Collections.Frozen;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>All kinds that discovery showed.</summary>
/// <param name="served">Kinds in the order of preference: of two of one group and kind the first is the preferred version.</param>
/// <param name="unknownGroups">Groups whose discovery failed, and why.</param>
internal sealed class ServedKinds(IEnumerable<ResourceKind> served, IReadOnlyDictionary<string, string> unknownGroups) : IServedKinds
{
    private readonly FrozenDictionary<(string, string), ResourceKind[]> _byName =
        served.Distinct().GroupBy(k => (k.Group, k.Kind)).ToFrozenDictionary(k => k.Key, k => k.ToArray());

    /// <exception cref="ClusterException">The group's own server does not answer; to say "not served" would be a guess.</exception>
    public ResourceKind? Find(string group, string kind) => FindAll(group, kind) is [var preferred, ..] ? preferred : null;

    /// <inheritdoc cref="Find"/>
    public IReadOnlyList<ResourceKind> FindAll(string group, string kind)
    {
        if (_byName.TryGetValue((group, kind), out var found))
        {
            return found;
        }

        return unknownGroups.TryGetValue(group, out var why)
            ? throw new ClusterException(503, "ServiceUnavailable", $"The API group {group} cannot be discovered: {why}")
            : [];
    }
}
