using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Network;

/// <summary>
/// Sends a request to an endpoint, or to the next one where a pod has just gone, takes the header of a shortened delay off the answer, and lets the sidecar of
/// the pod that was called count it.
/// </summary>
internal sealed class EndpointCaller(ClusterNetwork network, TimeProvider time) : IDisposable
{
    private const int Attempts = 3;

    private readonly Forwarder _forwarder = new();

    /// <param name="resolve">Chooses an endpoint; asked again for each attempt.</param>
    public async Task<EndpointCall> CallAsync(HttpContext context, Func<Resolution> resolve)
    {
        for (var attempt = 1; ; attempt++)
        {
            var resolution = resolve();
            if (resolution.Target is not { } target)
            {
                return new(resolution, null, 0);
            }

            var (started, leftOut) = (time.GetTimestamp(), 0d);
            var outcome = await _forwarder.SendAsync(context, target, headers => leftOut = SimulatedDelay.Take(headers));
            if (outcome == ForwardOutcome.Refused && attempt < Attempts)
            {
                continue;
            }

            Count(context, resolution, outcome, time.GetElapsedTime(started).TotalSeconds + leftOut);
            return new(resolution, outcome, leftOut);
        }
    }

    public void Dispose() => _forwarder.Dispose();

    // A sidecar sees what its pod was asked: not what never reached it. One whose application breaks off answers 502 in its place.
    private void Count(HttpContext context, Resolution resolution, ForwardOutcome outcome, double seconds)
    {
        if (outcome is ForwardOutcome.Answered or ForwardOutcome.Broken && network.Meshes.MeterOf(resolution.Ip) is { } meter)
        {
            var code = outcome == ForwardOutcome.Broken ? StatusCodes.Status502BadGateway : context.Response.StatusCode;
            var request = RoutedRequest.Of(context.Request);
            meter.Record(resolution.Service, new(request.Method, request.Host, code, seconds, seconds));
        }
    }
}

/// <summary>What came of a call.</summary>
/// <param name="Outcome">Null where there was nobody to send it to: the resolution says why.</param>
/// <param name="LeftOut">Seconds that the backend left out of a delay (<see cref="SimulatedDelay"/>).</param>
internal readonly record struct EndpointCall(Resolution Resolution, ForwardOutcome? Outcome, double LeftOut);
