using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CanaryFunctions.Simulator.Metrics.Api;

/// <summary>Prometheus' HTTP query API over a <see cref="TimeSeriesStore"/>.</summary>
public static class PrometheusApi
{
    private static readonly string[] GetOrPost = [HttpMethods.Get, HttpMethods.Post];

    /// <summary>
    /// Maps <c>/api/v1/query</c>, <c>query_range</c>, <c>labels</c>, <c>label/{name}/values</c>, <c>series</c>, the health endpoints
    /// <c>/-/healthy</c> and <c>/-/ready</c>, and a page with a query box at <c>/graph</c>. Times in requests and answers are wall-clock,
    /// also <c>step</c>; durations inside a query are nominal.
    /// </summary>
    public static IEndpointRouteBuilder MapPrometheusApi(this IEndpointRouteBuilder endpoints, TimeSeriesStore store, PrometheusApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var queries = new QueryEndpoints(store, options);
        var catalogue = new SeriesEndpoints(store);
        endpoints.MapMethods("/api/v1/query", GetOrPost, ApiReply.For(options, queries.QueryAsync));
        endpoints.MapMethods("/api/v1/query_range", GetOrPost, ApiReply.For(options, queries.QueryRangeAsync));
        endpoints.MapMethods("/api/v1/labels", GetOrPost, ApiReply.For(options, catalogue.LabelsAsync));
        endpoints.MapMethods("/api/v1/label/{name}/values", [HttpMethods.Get], ApiReply.For(options, catalogue.LabelValuesAsync));
        endpoints.MapMethods("/api/v1/series", GetOrPost, ApiReply.For(options, catalogue.SeriesAsync));
        endpoints.MapGet("/-/healthy", context => context.Response.WriteAsync("Healthy.\n", context.RequestAborted));
        endpoints.MapGet("/-/ready", context => context.Response.WriteAsync("Ready.\n", context.RequestAborted));
        endpoints.MapGet("/graph", GraphPage.WriteAsync);
        endpoints.MapGet("/", context =>
        {
            context.Response.Redirect("/graph");
            return Task.CompletedTask;
        });
        return endpoints;
    }

    /// <summary>Maps a registry's metrics, in the text exposition format.</summary>
    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder endpoints, MetricRegistry registry, string pattern = "/metrics") =>
        endpoints.MapGet(pattern, context =>
        {
            using var text = new StringWriter { NewLine = "\n" };
            registry.Write(text);
            context.Response.ContentType = ExpositionWriter.ContentType;
            return context.Response.WriteAsync(text.ToString(), context.RequestAborted);
        });
}
