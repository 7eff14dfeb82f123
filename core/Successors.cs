using System.Globalization;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core;

/// <summary>The message for the step that a Canary's status asks for next. Made of the status alone, so that sending it again sends the same one.</summary>
internal static class Successors
{
    /// <summary>Due when the status says; null for a Canary at rest.</summary>
    /// <param name="cluster">As in <see cref="StepMessage.Cluster"/>.</param>
    /// <param name="seen">As in <see cref="StepMessage.Seen"/>.</param>
    internal static QueueMessage? Of(Canary canary, string? cluster, string? seen = null)
    {
        if (canary.Status.NextStepAt is not { } due)
        {
            return null;
        }

        var id = string.Create(CultureInfo.InvariantCulture, $"{canary.Uid}-{canary.Status.RunId}-{canary.Status.Step}-{due.UtcTicks}");
        return new StepMessage(canary.Namespace, canary.Key.Name, StepCauses.Successor) { Cluster = cluster, Seen = seen }.ToMessage(id, due);
    }
}
