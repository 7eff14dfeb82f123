namespace CanaryFunctions.Core;

/// <summary>Which Canary. Written <c>name.namespace</c>, as in every event and log line.</summary>
public readonly record struct CanaryKey(string Namespace, string Name)
{
    public override string ToString() => $"{Name}.{Namespace}";
}
