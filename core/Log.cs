using CanaryFunctions.Core.Canaries;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Core;

/// <summary>What core logs: 1000 to 1999. The text of a Canary's events is their message, as users' log filters expect.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "{Msg}")]
    public static partial void CanaryEvent(this ILogger logger, string msg);

    [LoggerMessage(1001, LogLevel.Warning, "{Msg}")]
    public static partial void CanaryWarning(this ILogger logger, string msg);

    [LoggerMessage(1002, LogLevel.Debug, "Took a step of {Canary}: phase {Phase}, canary weight {Weight}, {Reason}.")]
    public static partial void StepTaken(this ILogger logger, CanaryKey canary, CanaryPhase phase, int weight, string reason);

    [LoggerMessage(1003, LogLevel.Debug, "Lost a race for a step of {Canary} and looked again: {Error}")]
    public static partial void StepLostRace(this ILogger logger, CanaryKey canary, string error);

    [LoggerMessage(1005, LogLevel.Information, "The sweep found {Canary}: {Why}.")]
    public static partial void SweepFound(this ILogger logger, CanaryKey canary, string why);

    [LoggerMessage(1006, LogLevel.Information, "Told {Receiver}: {Text}")]
    public static partial void AlertDelivered(this ILogger logger, string receiver, string text);

    [LoggerMessage(1007, LogLevel.Information, "Nobody is left to tell {Receiver} about: canary {Canary} is gone.")]
    public static partial void ReceiverGone(this ILogger logger, string receiver, string canary);

    [LoggerMessage(1008, LogLevel.Warning, "Put off a step of {Canary}: {Error}")]
    public static partial void StepPutOff(this ILogger logger, CanaryKey canary, string error);

    [LoggerMessage(1009, LogLevel.Error, "The cluster refused a step of {Canary}: {Error}")]
    public static partial void StepRefused(this ILogger logger, CanaryKey canary, string error);

    [LoggerMessage(1010, LogLevel.Warning, "Could not tell {Receiver} (attempt {Attempt}): {Error}")]
    public static partial void DeliveryPutOff(this ILogger logger, string receiver, int attempt, string error);

    [LoggerMessage(1011, LogLevel.Error, "Holds all releases: the served CustomResourceDefinition {Definition} {Problem}; apply ours again (infra/crds/canaries.yaml).")]
    public static partial void SchemaLacksFields(this ILogger logger, string definition, string problem);

    [LoggerMessage(1012, LogLevel.Information, "The served CustomResourceDefinition {Definition} keeps all fields again; releases go on.")]
    public static partial void SchemaRepaired(this ILogger logger, string definition);

    [LoggerMessage(1004, LogLevel.Warning, "The cluster refused an event of {Canary} ('{Event}'): {Error}")]
    public static partial void EventRefused(this ILogger logger, CanaryKey canary, string @event, string error);

    [LoggerMessage(1013, LogLevel.Error, "A sweep failed.")]
    public static partial void SweepFailed(this ILogger logger, Exception error);

    [LoggerMessage(1014, LogLevel.Warning, "Lost {Replicas}; the {Live} that live take over.")]
    public static partial void SweeperLost(this ILogger logger, string replicas, int live);

    [LoggerMessage(1015, LogLevel.Warning, "Cannot keep a Lease in namespace {Namespace}; sweeps as if there were no other replica: {Error}")]
    public static partial void SweepLeaseRefused(this ILogger logger, string @namespace, string error);

    [LoggerMessage(1016, LogLevel.Warning, "Could not give back the Lease of {Replica}; the others wait until it runs out: {Error}")]
    public static partial void SweepLeaseKept(this ILogger logger, string replica, string error);

    [LoggerMessage(1017, LogLevel.Information, "Takes part in the sweep as {Replica}, one of {Live}.")]
    public static partial void SweepBegins(this ILogger logger, string replica, int live);
}
