using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Engine;

/// <summary>
/// What a step that waits for pods saw of them. While both Deployments are what they were and nobody took a step since, another step would wait again: a look that
/// costs three reads will do. Pure.
/// </summary>
internal static class PodSight
{
    internal static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    // Then a step is taken all the same, before a sweep takes it for lost: it puts right what others did to services and routes meanwhile.
    private const int MostLooks = 3;

    /// <param name="canary">As the step left it.</param>
    /// <param name="target">As the step read it.</param>
    /// <param name="primary">As the step read it.</param>
    internal static string Of(Canary canary, JsonObject? target, JsonObject? primary)
        => string.Create(CultureInfo.InvariantCulture, $"{canary.Status.Step}/{target?.ResourceVersion() ?? "-"}/{primary?.ResourceVersion() ?? "-"}");

    /// <summary>The message, which says what was seen, asks for a step that is due, and only the pods can make it another one than the last.</summary>
    internal static bool IsAsked(StepMessage message, Canary canary, DateTimeOffset now)
        => message is { Cause: StepCauses.Successor, Looks: < MostLooks }
            && canary.Status.NextStepAt <= now && !(canary.Status.DeadlineAt <= now)
            && canary.Generation == canary.Status.ObservedGeneration && !canary.Raw.IsBeingDeleted();
}
