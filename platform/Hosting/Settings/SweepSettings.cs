using System.Globalization;
using System.Security.Cryptography;
using CanaryFunctions.Core.Sweeping;
using CanaryFunctions.Platform.Queues.Settings;
using Microsoft.Extensions.Configuration;

namespace CanaryFunctions.Platform.Hosting.Settings;

/// <summary>Who sweeps, and how replicas share it.</summary>
public static class SweepSettings
{
    private const string BaseNamespace = "flagger-system";

    /// <summary><c>sweep</c> for the functions: on, unless another program does it.</summary>
    /// <exception cref="SettingsException">It is neither true nor false.</exception>
    public static bool IsOnForFunctions(IConfiguration configuration) => SettingsReader.Flag(configuration, "sweep", true);

    /// <summary><c>sweep</c> for the webhook: for functions that go to zero between releases. What it finds has to reach them by a queue.</summary>
    /// <exception cref="SettingsException">It is neither true nor false, or there is no such queue.</exception>
    public static bool IsOnForWebhook(IConfiguration configuration)
    {
        var isOn = SettingsReader.Flag(configuration, "sweep", false);
        return !isOn || StepQueueSettings.Read(configuration).Kind != StepQueueKind.InProcess
            ? isOn
            : throw new SettingsException([new("sweep", "true", "needs a queue that the functions receive from: set Canary__Queue to servicebus or storage.")]);
    }

    /// <summary>In a pod the Leases are in its own namespace and named after it; elsewhere in <c>lease-namespace</c>, by default where base's account may write them.</summary>
    /// <param name="accountNamespace">As in <see cref="PodSettings.Read"/>.</param>
    public static SweepOptions Read(IConfiguration configuration, string accountNamespace)
    {
        var pod = PodSettings.Read(configuration, accountNamespace);
        return new()
        {
            Identity = pod.Name ?? OfProcess(),
            LeaseNamespace = SettingsReader.Find(configuration, "lease-namespace") ?? pod.Namespace ?? BaseNamespace,
        };
    }

    // Names of Leases are DNS names, those of machines need not be. Two processes of one machine are two replicas.
    private static string OfProcess()
    {
        var machine = string.Concat(Environment.MachineName.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit).Take(40));
        return string.Create(CultureInfo.InvariantCulture, $"{machine}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
    }
}
