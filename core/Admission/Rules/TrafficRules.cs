using System.Text.Json.Nodes;

namespace CanaryFunctions.Core.Admission.Rules;

/// <summary>The fields of <c>spec.service</c> that shape the routes (contracts/core.md 1.3). Most are read by some providers only: see <see cref="IgnoredFields"/>.</summary>
internal static class TrafficRules
{
    private const int MaxPort = 65535;
    private const int MaxGatewayRefs = 32;
    private const int MaxListed = 253;

    public static void Check(SpecField service)
    {
        service["timeout"].AsOptionalDuration();
        service["backendTimeout"].AsOptionalDuration();
        service["hosts"].AsHosts();
        service["gateways"].AsListOfTexts();
        service["backends"].AsListOfTexts();
        service["meshName"].AsText();
        CheckDelegation(service);
        CheckGateways(service["gatewayRefs"]);
        CheckRetries(service["retries"]);
        CheckHeaders(service["headers"]);
        CheckMirror(service["mirror"]);
        CheckCors(service["corsPolicy"]);
        CheckPolicy(service["trafficPolicy"]);
        if (service["rewrite"].IsObject())
        {
            service["rewrite"]["uri"].AsText();
            service["rewrite"]["authority"].AsText();
            service["rewrite"]["type"].AsOneOf("a type of rewrite", ["ReplaceFullPath", "ReplacePrefixMatch"]);
        }
    }

    // A delegate is reached through the route that delegates, and has neither of its own.
    private static void CheckDelegation(SpecField service)
    {
        if (service["delegation"].AsFlag() != true)
        {
            return;
        }

        foreach (var field in (string[])["hosts", "gateways"])
        {
            if (service[field].Node is JsonArray { Count: > 0 })
            {
                service[field].Report("", "cannot be given together with delegation: true; the route that delegates has them.");
            }
        }
    }

    private static void CheckGateways(SpecField gateways)
    {
        var entries = gateways.AsListOfObjects();
        if (entries.Count > MaxGatewayRefs)
        {
            gateways.Report($"{entries.Count}", $"gateways are too many; at most {MaxGatewayRefs} are allowed.");
        }

        foreach (var gateway in entries)
        {
            gateway["name"].AsObjectName("give the Gateway's name");
            gateway["namespace"].AsNamespace();
            gateway["group"].AsText();
            gateway["kind"].AsText();
            if (gateway["sectionName"].AsText() is { Length: > MaxListed })
            {
                gateway["sectionName"].Report($"is too long; at most {MaxListed} characters are allowed.");
            }

            gateway["port"].AsInteger(1, MaxPort);
        }
    }

    private static void CheckRetries(SpecField retries)
    {
        if (retries.IsObject())
        {
            retries["attempts"].AsInteger(0);
            retries["perTryTimeout"].AsOptionalDuration();
            retries["retryOn"].AsText();
        }
    }

    private static void CheckHeaders(SpecField headers)
    {
        if (!headers.IsObject())
        {
            return;
        }

        foreach (var direction in (SpecField[])[headers["request"], headers["response"]])
        {
            if (direction.IsObject())
            {
                direction["add"].AsMapOfTexts();
                direction["set"].AsMapOfTexts();
                direction["remove"].AsListOfTexts();
            }
        }
    }

    private static void CheckMirror(SpecField mirrors)
    {
        foreach (var mirror in mirrors.AsListOfObjects())
        {
            var backend = mirror["backendRef"];
            if (!backend.IsObject())
            {
                if (!backend.IsPresent)
                {
                    backend.Report("is missing; give the name and port of a Service.");
                }

                continue;
            }

            backend["name"].AsObjectName("give the Service's name");
            backend["namespace"].AsNamespace();
            if (backend["port"].IsPresent)
            {
                backend["port"].AsInteger(1, MaxPort);
            }
            else if (backend["group"].AsText() is null or "" && backend["kind"].AsText() is null or "" or "Service")
            {
                backend["port"].Report($"is missing; a Service is mirrored to by port, between 1 and {MaxPort}.");
            }
        }
    }

    private static void CheckCors(SpecField cors)
    {
        if (!cors.IsObject())
        {
            return;
        }

        foreach (var origin in cors["allowOrigins"].AsListOfObjects())
        {
            origin.AsMatch(["exact", "prefix", "regex"], isRequired: true);
        }

        foreach (var list in (string[])["allowOrigin", "allowMethods", "allowHeaders", "exposeHeaders"])
        {
            cors[list].AsListOfTexts();
        }

        cors["maxAge"].AsOptionalDuration();
        cors["allowCredentials"].AsFlag();
    }

    // The rest of it goes to the mesh as it is, and the schema knows its types.
    private static void CheckPolicy(SpecField policy)
    {
        if (!policy.IsObject() || !policy["loadBalancer"].IsObject())
        {
            return;
        }

        var balancer = policy["loadBalancer"];
        balancer["simple"].AsOneOf("a way to balance", ["LEAST_CONN", "LEAST_REQUEST", "PASSTHROUGH", "RANDOM", "ROUND_ROBIN"]);
        if (balancer["simple"].IsPresent && balancer["consistentHash"].IsPresent)
        {
            balancer["consistentHash"].Report("", "cannot be given together with simple; give one of them.");
        }
        else if (balancer["consistentHash"].IsObject())
        {
            balancer["consistentHash"].AsChoice(["httpCookie", "httpHeaderName", "httpQueryParameterName", "useSourceIp"]);
        }
    }
}
