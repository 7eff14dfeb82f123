using CanaryFunctions.Simulator.Workloads;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Gateway.Traefik;

internal static partial class TraefikLog                             // of the gateway's 5300-5399: 5330-5339
{
    [LoggerMessage(5330, LogLevel.Warning, "The {Kind} {Object} is not served as written: {Problem}")]
    public static partial void TraefikProblem(this ILogger logger, string kind, ObjectKey @object, string problem);
}
