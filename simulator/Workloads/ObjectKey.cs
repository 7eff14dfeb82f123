using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Simulator.Workloads;

/// <summary>Namespace and name of an object whose kind is known from the context.</summary>
public readonly record struct ObjectKey(string Namespace, string Name)
{
    public static ObjectKey Of(JsonObject obj) => new(obj.Namespace(), obj.Name());

    public override string ToString() => Namespace.Length == 0 ? Name : $"{Name}.{Namespace}";
}
