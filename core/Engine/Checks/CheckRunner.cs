using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Engine.Checks;

/// <summary>Answers what a decision asked: the reads that go beyond the cluster.</summary>
public sealed class CheckRunner(HookCaller hooks, MetricChecker metrics)
{
    public async Task<CheckAnswers> RunAsync(Canary canary, CheckRequest request, string? runId, CheckAnswers soFar, CancellationToken ct) => request switch
    {
        CheckRequest.Hooks asked => soFar.With(asked.Type, await CallAsync(canary, asked, runId, ct).ConfigureAwait(false)),
        CheckRequest.Metrics asked => soFar with { Metrics = await metrics.MeasureAsync(canary, asked.All, ct).ConfigureAwait(false) },
        CheckRequest.Probe asked => soFar with { ProbeProblems = await metrics.ProbeAsync(canary, asked.All, ct).ConfigureAwait(false) },
        _ => throw new InvalidOperationException($"canary {canary.Key}: unknown check {request}"),
    };

    private async Task<IReadOnlyList<HookAnswer>> CallAsync(Canary canary, CheckRequest.Hooks asked, string? runId, CancellationToken ct)
    {
        var answers = new List<HookAnswer>();
        foreach (var hook in asked.InOrder)
        {
            var answer = await hooks.CallAsync(hook, HookPayload.For(canary, hook, asked.Phase, runId), ct).ConfigureAwait(false);
            answers.Add(answer);
            if (answer.Passed == asked.StopAt)
            {
                break;
            }
        }

        return answers;
    }
}
