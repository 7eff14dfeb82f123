using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Analysis.Templates;
using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Engine.Checks;

/// <summary>One query to ask, or why it cannot be asked.</summary>
internal sealed record MetricQuestion(MetricSpec Metric, MetricClass Class, string QueryProvider, IMetricProvider? Provider, MetricQuery Query, string? Problem)
{
    internal TimeSpan Unit { get; init; } = TimeSpan.FromMilliseconds(1);

    internal static MetricQuestion Impossible(MetricSpec metric, MetricClass kind, string queryProvider, string problem)
        => new(metric, kind, queryProvider, null, new(null, ""), problem);

    /// <summary>The question with its template rendered; a template that does not render is a problem of its own.</summary>
    internal static MetricQuestion Render(
        MetricSpec metric, MetricClass kind, string queryProvider, IMetricProvider provider, MetricQuery query, QueryVariables variables, string renderProblem)
    {
        var rendered = QueryTemplate.Render(query.Query, variables);
        return rendered.Text is { } text
            ? new(metric, kind, queryProvider, provider, query with { Query = text }, null)
            : Impossible(metric, kind, queryProvider, $"{renderProblem}{rendered.Error}");
    }
}
