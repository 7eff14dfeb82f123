using CanaryFunctions.Webhook.Scaling.Grpc;
using CanaryFunctions.Webhook.Scaling.Messages;

namespace CanaryFunctions.Webhook.Scaling;

/// <summary>KEDA's service <c>externalscaler.ExternalScaler</c>. <c>StreamMetricSpec</c> is left out: on UNIMPLEMENTED KEDA asks for it no more.</summary>
/// <param name="cluster">Name of the cluster that is watched; empty when it has none.</param>
/// <param name="stopping">The server ends: streams end well, so that KEDA opens them again after two seconds.</param>
internal sealed class ExternalScaler(Activity activity, string cluster, ILogger<ExternalScaler> logger, CancellationToken stopping)
{
    /// <summary>Becomes a part of a URL: lower case letters, digits and - only.</summary>
    public const string MetricName = "canary-work";

    private const string Service = "/externalscaler.ExternalScaler/";

    public IReadOnlyList<GrpcMethod> Methods =>
    [
        GrpcMethod.Unary(Service + "GetMetricSpec", ScaledObjectRef.Parser, GetMetricSpecAsync),
        GrpcMethod.Unary(Service + "GetMetrics", GetMetricsRequest.Parser, GetMetricsAsync),
        GrpcMethod.Unary(Service + "IsActive", ScaledObjectRef.Parser, IsActiveAsync),
        GrpcMethod.ServerStream<ScaledObjectRef, IsActiveResponse>(Service + "StreamIsActive", ScaledObjectRef.Parser, StreamIsActiveAsync),
    ];

    private async Task<IsActiveResponse> IsActiveAsync(ScaledObjectRef asked, CancellationToken ct)
        => new() { Result = await activity.IsActiveAsync(TriggerMetadata.Read(asked, cluster), ct) };

    private Task<GetMetricSpecResponse> GetMetricSpecAsync(ScaledObjectRef asked, CancellationToken ct)
    {
        var size = TriggerMetadata.Read(asked, cluster).TargetSize;
        var spec = new MetricSpec { MetricName = MetricName, TargetSize = (long)Math.Ceiling(size), TargetSizeFloat = size };
        return Task.FromResult(new GetMetricSpecResponse { MetricSpecs = { spec } });
    }

    private async Task<GetMetricsResponse> GetMetricsAsync(GetMetricsRequest asked, CancellationToken ct)
    {
        if (!asked.MetricName.Equals(MetricName, StringComparison.OrdinalIgnoreCase))
        {
            throw new GrpcException(GrpcCode.NotFound, $"metricName: '{asked.MetricName}' is not a metric of this scaler; use {MetricName}.");
        }

        var amount = await activity.AmountAsync(TriggerMetadata.Read(asked.ScaledObjectRef, cluster), ct);

        // Exactly one: KEDA adds them up.
        return new() { MetricValues = { new MetricValue { MetricName = MetricName, MetricValue_ = amount, MetricValueFloat = amount } } };
    }

    /// <summary>The state now, then every change of it.</summary>
    private async Task StreamIsActiveAsync(ScaledObjectRef asked, Func<IsActiveResponse, Task> send, CancellationToken ct)
    {
        var trigger = TriggerMetadata.Read(asked, cluster);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, stopping);
        try
        {
            bool? told = null;
            while (true)
            {
                var change = activity.NextChange;
                if (await LookAsync(trigger, told, either.Token) is var isActive && isActive != told)
                {
                    await send(new() { Result = isActive!.Value });
                    logger.ActivityPushed(asked.Name, asked.Namespace, isActive.Value);
                    told = isActive;
                }

                await activity.WaitAsync(change, trigger, either.Token);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
    }

    // With something told already, a source that fails says nothing new: the stream stays, so that a later yes still gets through, and KEDA's polls hear of it.
    private async Task<bool?> LookAsync(TriggerMetadata trigger, bool? told, CancellationToken ct)
    {
        try
        {
            return await activity.IsActiveAsync(trigger, ct);
        }
        catch (GrpcException e) when (told is not null && e.Code == GrpcCode.Unavailable)
        {
            return told;
        }
    }
}
