using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Admission.Rules;

/// <summary><c>spec.service</c> (contracts/core.md 1.3). The schema leaves it out of what is required; nothing works without it.</summary>
internal static class ServiceRules
{
    private const int LongestSuffix = 8; // "-primary"
    private const int MaxServiceName = 63;
    private const int MaxPort = 65535;

    public static void Check(SpecField spec, RuleContext context)
    {
        var service = spec["service"];
        if (!service.IsObject())
        {
            if (!service.IsPresent)
            {
                service.Report("is missing; give at least the port.");
            }

            CheckApexName(spec);
            return;
        }

        CheckApexName(spec);
        CheckPorts(service);
        service["trafficDistribution"].AsOneOf("a traffic distribution", ["PreferClose", "PreferSameNode", "PreferSameZone"]);
        service["portDiscovery"].AsFlag();
        service["headless"].AsFlag();
        foreach (var track in (string[])["apex", "primary", "canary"])
        {
            service[track].AsMetadata();
        }

        if (service["unmanagedMetadata"].IsObject())
        {
            service["unmanagedMetadata"]["labels"].AsListOfTexts();
            service["unmanagedMetadata"]["annotations"].AsListOfTexts();
        }

        TrafficRules.Check(service);
        MatchRules.Check(service);
        IgnoredFields.Check(service, context);
    }

    // The Services of the two tracks are named after the apex.
    private static void CheckApexName(SpecField spec)
    {
        var named = spec["service"]["name"];
        if (named.AsText() is { Length: > 0 } name)
        {
            CheckApexName(named, name, "must be");
        }
        else if (spec["targetRef"]["name"].Node.Text() is { Length: > 0 } target && DnsName.IsSubdomain(target))
        {
            CheckApexName(spec["targetRef"]["name"], target, "names the Services as well (spec.service.name is not given), so it must be");
        }
    }

    private static void CheckApexName(SpecField field, string name, string lead)
    {
        if (!DnsName.IsServiceName(name, MaxServiceName - LongestSuffix))
        {
            field.Report($"{lead} a DNS label: lower-case letters, digits and '-', starting with a letter, at most {MaxServiceName - LongestSuffix} characters so that '-primary' fits.");
        }
    }

    private static void CheckPorts(SpecField service)
    {
        var port = service["port"];
        if (port.IsPresent)
        {
            port.AsInteger(1, MaxPort);
        }
        else
        {
            port.Report($"is missing; give the Service's port, between 1 and {MaxPort}.");
        }

        if (service["portName"].AsText() is { Length: > 0 } portName && !DnsName.IsLabel(portName))
        {
            service["portName"].Report("must be a DNS label: lower-case letters, digits and '-', at most 63 characters.");
        }

        if (service["appProtocol"].AsText() is { Length: > 0 } protocol && !DnsName.IsQualifiedName(protocol))
        {
            service["appProtocol"].Report("must be a protocol as Kubernetes names them, such as http, grpc or kubernetes.io/h2c.");
        }

        CheckTargetPort(service["targetPort"]);
    }

    private static void CheckTargetPort(SpecField field)
    {
        if (field.Node.Text() is { } name)
        {
            if (name.Length > 0 && !DnsName.IsPortName(name))
            {
                field.Report($"must be a container port: a number between 1 and {MaxPort}, or a name of at most 15 lower-case letters, digits and '-'.");
            }

            return;
        }

        // 0 means the same as the port, as in the contract.
        field.AsInteger(0, MaxPort);
    }
}
