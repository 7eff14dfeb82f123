using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Network;

namespace CanaryFunctions.Simulator.Pods;

/// <summary>Reads a container of a pod's spec.</summary>
internal static class ContainerSpec
{
    public static IReadOnlyList<int> DeclaredPorts(JsonObject container)
        => [.. container.ListAt("ports").Select(p => p.Integer("containerPort")).OfType<int>()];

    /// <summary>Value of <c>--name=value</c> or <c>--name value</c> (one dash will do) in command or args; null where it is not set.</summary>
    public static string? Flag(JsonObject container, string name)
    {
        var words = container.ListAt("command").Concat(container.ListAt("args")).Select(w => w.Text() ?? "").ToList();
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i].TrimStart('-');
            if (word.Length == words[i].Length)
            {
                continue;
            }

            if (word.StartsWith($"{name}=", StringComparison.Ordinal))
            {
                return word[(name.Length + 1)..];
            }

            if (word == name && i + 1 < words.Count)
            {
                return words[i + 1];
            }
        }

        return null;
    }

    /// <summary>All declared ports at one server; the second value is that server where none are declared.</summary>
    public static (Dictionary<int, LoopbackTarget> Ports, LoopbackTarget? AnyPort) AllPortsAt(JsonObject container, LoopbackTarget server)
    {
        var ports = DeclaredPorts(container).Distinct().ToDictionary(p => p, _ => server);
        return (ports, ports.Count == 0 ? server : null);
    }
}
