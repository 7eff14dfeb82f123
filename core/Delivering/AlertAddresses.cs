using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Delivering;

/// <summary>Where an alert goes: reads AlertProviders and their Secrets, or the install's settings.</summary>
public sealed class AlertAddresses(IClusterClient cluster, CanaryOptions options)
{
    /// <summary>The chat service's type and address.</summary>
    /// <exception cref="DeliveryException">There is none; the message never holds the address.</exception>
    public async Task<(string Type, AlertAddress Address)> OfAsync(Canary canary, Delivery delivery, CancellationToken ct)
    {
        if (delivery.Receiver == ReceiverKind.InstallChat)
        {
            return (delivery.Target, delivery.Target == "slack"
                ? Address(delivery.Target, options.SlackUrl, options.SlackChannel, options.SlackUser, options.SlackToken, options.SlackProxyUrl)
                : Address(delivery.Target, options.MsTeamsUrl, null, null, null, options.MsTeamsProxyUrl));
        }

        var alert = canary.Spec.Analysis.Alerts.FirstOrDefault(a => $"{a.ProviderName}.{a.ProviderNamespace ?? canary.Namespace}" == delivery.Target)
            ?? throw new DeliveryException($"canary {canary.Key} names alert provider {delivery.Target} no more");
        var ns = alert.ProviderNamespace ?? canary.Namespace;
        if (options.NoCrossNamespaceRefs && ns != canary.Namespace)
        {
            throw new DeliveryException($"can't access alert provider {delivery.Target}, cross-namespace references are blocked");
        }

        var provider = await cluster.GetAsync(new(Kinds.AlertProvider, ns, alert.ProviderName), ct).ConfigureAwait(false)
            ?? throw new DeliveryException($"alert provider {delivery.Target} error: it does not exist");
        var values = await SecretAsync(ns, provider.Text("spec", "secretRef", "name"), delivery.Target, ct).ConfigureAwait(false);
        var url = values.GetValueOrDefault("address") ?? provider.Text("spec", "address")
            ?? throw new DeliveryException($"alert provider {delivery.Target} has no address, and its secret neither");
        return (provider.Text("spec", "type") ?? "", Address(delivery.Target, url, provider.Text("spec", "channel"), provider.Text("spec", "username"),
            values.GetValueOrDefault("token"), provider.Text("spec", "proxy")));
    }

    private async Task<IReadOnlyDictionary<string, string>> SecretAsync(string ns, string? name, string provider, CancellationToken ct)
    {
        if (name is null)
        {
            return new Dictionary<string, string>();
        }

        var secret = await cluster.GetAsync(new(Kinds.Secret, ns, name), ct).ConfigureAwait(false)
            ?? throw new DeliveryException($"alert provider {provider} secretRef error: secret {name}.{ns} does not exist");
        return SecretData.Of(secret);
    }

    private static AlertAddress Address(string provider, string url, string? channel, string? username, string? token, string? proxy)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new DeliveryException($"alert provider {provider}: the address is not an absolute http or https URL");
        }

        Uri? proxyAddress = null;
        if (!string.IsNullOrEmpty(proxy) && !Uri.TryCreate(proxy, UriKind.Absolute, out proxyAddress))
        {
            throw new DeliveryException($"alert provider {provider}: proxy '{proxy}' is not an absolute URL such as http://proxy:3128");
        }

        return new(address)
        {
            Channel = string.IsNullOrEmpty(channel) ? "general" : channel,
            Username = string.IsNullOrEmpty(username) ? "flagger" : username,
            Token = string.IsNullOrEmpty(token) ? null : token,
            Proxy = proxyAddress,
        };
    }
}

/// <summary>A notice did not reach its receiver. The message names the receiver, never its address.</summary>
public sealed class DeliveryException(string message, Exception? inner = null) : Exception(message, inner);
