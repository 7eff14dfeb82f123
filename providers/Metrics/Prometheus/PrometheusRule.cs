using CanaryFunctions.Core.Admission;
using CanaryFunctions.Providers.Metrics.Prometheus.Syntax;

namespace CanaryFunctions.Providers.Metrics.Prometheus;

/// <summary>A template for Prometheus needs the server's address, and PromQL for a query.</summary>
internal sealed class PrometheusRule : IMetricRule
{
    public string Provider => PrometheusMetricProvider.ProviderName;

    public bool NeedsAddress => true;

    public string? CheckQuery(string query)
    {
        try
        {
            new PromQlSyntax(query).Check();
            return null;
        }
        catch (PromQlException e)
        {
            return e.Message;
        }
    }
}
