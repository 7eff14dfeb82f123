using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Admission.Rules;

/// <summary>
/// Fields of <c>spec.service</c> that only some providers read (contracts/core.md 1.3). Elsewhere they do nothing, which nobody expects of a timeout; a manifest
/// written for another provider still has to be accepted.
/// </summary>
internal static class IgnoredFields
{
    private const string Istio = "istio";
    private const string GatewayApi = "gatewayapi";
    private const string AppMesh = "appmesh";
    private const string Contour = "contour";
    private const string Smi = "smi";

    // By the provider's name up to the first colon, but for those that are named in full.
    private static readonly (string Field, string[] Readers)[] Table =
    [
        ("backendTimeout", ["gatewayapi:v1"]),
        ("backends", [AppMesh]),
        ("corsPolicy", [GatewayApi, Istio]),
        ("delegation", [Istio]),
        ("gatewayRefs", [GatewayApi]),
        ("gateways", [Istio, Smi]),
        ("headers", [GatewayApi, Istio]),
        ("hosts", [AppMesh, GatewayApi, Istio, Smi]),
        ("match", [AppMesh, Contour, GatewayApi, Istio]),
        ("meshName", [AppMesh]),
        ("mirror", [GatewayApi]),
        ("retries", [AppMesh, Contour, Istio]),
        ("rewrite", [GatewayApi, Istio]),
        ("timeout", [AppMesh, Contour, "gatewayapi:v1", Istio]),
        ("trafficPolicy", [Istio]),
    ];

    public static void Check(SpecField service, RuleContext context)
    {
        if (context.Router is null || context.Provider is not { } provider)
        {
            return;
        }

        foreach (var (name, readers) in Table)
        {
            var field = service[name];
            if (IsGiven(field) && !readers.Any(r => r == provider || r == provider.Split(':')[0]))
            {
                field.Warn("", $"is not read by provider '{provider}'; these read it: {string.Join(", ", readers)}.");
            }
        }
    }

    private static bool IsGiven(SpecField field)
        => field.Node switch
        {
            null or JsonArray { Count: 0 } => false,
            _ => field.Node.Flag() != false && field.Node.Text() != "",
        };
}
