using CanaryFunctions.Simulator.Workloads;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Gateway;

internal static partial class GatewayLog                             // simulator's gateway: 5300-5399
{
    [LoggerMessage(5300, LogLevel.Warning, "The {Kind} {Object} is not served as written: {Problem}")]
    public static partial void NotServedAsWritten(this ILogger logger, string kind, ObjectKey @object, string problem);
}
