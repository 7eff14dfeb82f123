using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Storage;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Writing;

/// <summary>Gives Services a cluster address in 10.96.0.0/16 and node ports, and keeps them over updates that leave them out.</summary>
internal sealed class ServiceAddresses(ObjectStore store)
{
    public const string Kind = "/services";
    private const int FirstNodePort = 30_000;
    private const int NodePorts = 2768;

    public void Assign(JsonObject service, JsonObject? before)
    {
        var spec = service.Ensure("spec");
        if (spec.Str("type") == "ExternalName")
        {
            return;
        }

        if (string.IsNullOrEmpty(spec.Str("clusterIP")))
        {
            spec["clusterIP"] = before.Str("spec", "clusterIP") is { Length: > 0 } kept ? kept : Free(service);
        }

        spec.Default("clusterIPs", new JsonArray(spec.Str("clusterIP")!));
        if (spec.Str("type") is "NodePort" or "LoadBalancer")
        {
            AssignNodePorts(spec, before);
        }
    }

    private string Free(JsonObject service)
    {
        var used = store.List(Kind).Items.Select(s => s.Json.Str("spec", "clusterIP")).ToHashSet(StringComparer.Ordinal);
        var start = Number(service);
        return Enumerable.Range(0, 65_000).Select(i => (start + i) % 65_000 + 256).Select(n => $"10.96.{n / 256}.{n % 256}").First(a => !used.Contains(a));
    }

    private void AssignNodePorts(JsonObject spec, JsonObject? before)
    {
        var used = store.List(Kind).Items.SelectMany(s => s.Json.Arr("spec", "ports").Objects()).Select(p => p.Int("nodePort")).ToHashSet();
        foreach (var port in spec.Arr("ports").Objects().Where(p => p.Int("nodePort") is null or 0))
        {
            var kept = before.Arr("spec", "ports").Objects().FirstOrDefault(p => p.Int("port") == port.Int("port")).Int("nodePort");
            var chosen = kept ?? Enumerable.Range(0, NodePorts).Select(i => (long?)(FirstNodePort + ((Number(spec) + i) % NodePorts))).First(p => used.Add(p));
            port["nodePort"] = chosen;
        }
    }

    // From the name, so that a playground that starts again shows the same addresses.
    private static int Number(JsonObject service)
        => BitConverter.ToUInt16(SHA256.HashData(Encoding.UTF8.GetBytes($"{service.Str("metadata", "namespace")}/{service.Str("metadata", "name")}")));
}
