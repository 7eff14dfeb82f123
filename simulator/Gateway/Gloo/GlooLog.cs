using CanaryFunctions.Simulator.Workloads;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Gateway.Gloo;

internal static partial class GlooLog                                // simulator's Gloo gateway: 5310-5319
{
    [LoggerMessage(5310, LogLevel.Warning, "The VirtualService {VirtualService} is not served as written: {Problem}")]
    public static partial void VirtualServiceProblem(this ILogger logger, ObjectKey virtualService, string problem);
}
