using System.Globalization;

namespace CanaryFunctions.Workers.Tests.Staging;

/// <summary>How much a campaign has of everything.</summary>
/// <param name="Seed">Of kills and of what happens to messages.</param>
/// <param name="Outages">Of the queue: each is two seconds of refusals, then two without a connection.</param>
internal sealed record CampaignOptions(int Seed, int Releases, int Kills, int Outages)
{
    /// <summary>What the default test command runs; <c>CANARY_CAMPAIGN</c>, a number from 1, multiplies kills and outages, and its seed is another.</summary>
    internal static CampaignOptions Default
        => int.TryParse(Environment.GetEnvironmentVariable("CANARY_CAMPAIGN"), NumberStyles.None, CultureInfo.InvariantCulture, out var times) && times > 0
            ? new(20261121 + times, 50, 12 * times, times)
            : new(20261121, 50, 12, 1);
}
