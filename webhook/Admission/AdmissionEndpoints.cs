using CanaryFunctions.Core.Admission;
using CanaryFunctions.Webhook.Hints;
using CanaryFunctions.Webhook.Metrics;

namespace CanaryFunctions.Webhook.Admission;

/// <summary><c>/mutate</c>, <c>/validate</c> and <c>/detect</c>: decode, ask the policy, encode. Hints are handed over after the answer is out.</summary>
internal sealed class AdmissionEndpoints(AdmissionPolicy policy, HintPump hints, string? ownNamespace, ILogger<AdmissionEndpoints> logger)
{
    /// <summary>Largest body: an object and its predecessor at etcd's limit of 1.5 MiB each.</summary>
    public const int MaxBody = 3 * 1024 * 1024;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/mutate", http => AnswerAsync(http, policy.Mutate));
        routes.MapPost("/validate", http => AnswerAsync(http, policy.Validate));
        routes.MapPost("/detect", http => AnswerAsync(http, request => policy.Detect(request, ownNamespace)));
    }

    internal async Task AnswerAsync(HttpContext http, Func<AdmissionRequest, AdmissionDecision> decide)
    {
        using var body = await RequestBody.ReadAsync(http, MaxBody, logger);
        if (body is null)
        {
            return;
        }

        // Most writes in a cluster are none of ours, and those are known by their address.
        if (ReviewEnvelope.TryRead(body.Bytes) is { } about && !policy.Concerns(about.Group, about.Kind, about.Namespace, about.Name))
        {
            Verdicts.Set(http, Verdicts.Allowed);
            await RequestBody.AnswerAsync(http, ReviewWriter.Allowed(about.Uid));
            return;
        }

        if (!ReviewReader.TryRead(body.Bytes, out var request, out var problem))
        {
            await RequestBody.RefuseAsync(http, StatusCodes.Status400BadRequest, problem, logger);
            return;
        }

        var decision = Decide(http, request, decide);
        if (decision.Hints.Count > 0)
        {
            http.Response.OnCompleted(() => HandOver(decision.Hints));
        }

        await RequestBody.AnswerAsync(http, ReviewWriter.Write(request, decision));
    }

    // A fault of ours must not stop other people's writes: what got through is examined again before it is acted on.
    private AdmissionDecision Decide(HttpContext http, AdmissionRequest request, Func<AdmissionRequest, AdmissionDecision> decide)
    {
        try
        {
            var decision = decide(request);
            Verdicts.Set(http, decision.IsAllowed ? Verdicts.Allowed : Verdicts.Denied);
            if (!decision.IsAllowed)
            {
                logger.Denied(request.Operation.ToString(), request.Kind, request.Name, request.Namespace, request.User, decision.Message ?? "");
            }

            return decision;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Verdicts.Set(http, Verdicts.Failed);
            logger.ExaminationFailed(e, request.Kind, request.Name, request.Namespace);
            return AdmissionDecision.AllowWarning([$"{request.Kind} {request.Name} could not be examined at admission; it is examined again before anything is done with it."]);
        }
    }

    private Task HandOver(IReadOnlyList<StepHint> found)
    {
        foreach (var hint in found)
        {
            hints.Offer(hint);
        }

        return Task.CompletedTask;
    }
}
