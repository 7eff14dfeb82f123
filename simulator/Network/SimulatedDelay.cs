using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Network;

/// <summary>
/// At speed 20 a stand-in that is asked to take one second takes 50 ms, and says in a header how much it left out, so that the latency that is
/// recorded is the nominal one: a waiting time is scaled, the overhead around it is not.
/// </summary>
public static class SimulatedDelay
{
    /// <summary>Nominal minus real seconds. Taken off the answer on its way.</summary>
    public const string Header = "x-simulated-delay";

    public static void Write(IHeaderDictionary headers, double leftOut)
    {
        if (leftOut > 0)
        {
            headers[Header] = leftOut.ToString("R", CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Reads and removes the header; 0 where there is none.</summary>
    public static double Take(IHeaderDictionary headers)
        => headers.Remove(Header, out var text) && double.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? seconds : 0;
}
