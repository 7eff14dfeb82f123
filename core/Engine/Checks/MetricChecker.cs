using System.Text.Json.Nodes;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Analysis.Templates;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Engine.Checks;

/// <summary>Turns the metrics of a Canary into queries, and asks them all at once (contracts/routing-metrics.md 2.1, 2.5).</summary>
public sealed class MetricChecker(
    IClusterClient cluster, Catalog<IBuiltInChecks> builtIns, Catalog<IMetricProvider> providers, CanaryOptions options)
{
    private const string Prometheus = "prometheus";

    public async Task<IReadOnlyList<MetricAnswer>> MeasureAsync(Canary canary, IReadOnlyList<MetricSpec> metrics, CancellationToken ct)
    {
        var questions = await QuestionsAsync(canary, metrics, ct).ConfigureAwait(false);
        return await Task.WhenAll(questions.Select(q => AskAsync(q, ct))).ConfigureAwait(false);
    }

    /// <summary>What is wrong with the metric servers; empty when all answer.</summary>
    public async Task<IReadOnlyList<string>> ProbeAsync(Canary canary, IReadOnlyList<MetricSpec> metrics, CancellationToken ct)
    {
        var questions = await QuestionsAsync(canary, metrics, ct).ConfigureAwait(false);
        var problems = await Task.WhenAll(questions
            .DistinctBy(q => (q.Provider, q.Query.Address, q.Problem))
            .Select(async q => q.Problem ?? await q.Provider!.ProbeAsync(q.Query, ct).ConfigureAwait(false))).ConfigureAwait(false);
        return [.. problems.OfType<string>().Distinct()];
    }

    private static async Task<MetricAnswer> AskAsync(MetricQuestion question, CancellationToken ct)
    {
        var sample = question.Problem is { } problem
            ? new MetricSample.Error(problem)
            : await question.Provider!.QueryAsync(question.Query, ct).ConfigureAwait(false);
        return new(question.Metric, question.Class, sample, question.QueryProvider) { Unit = question.Unit, IsImpossible = question.Problem is not null };
    }

    // Built-in and inline checks come first, templates after them, each in the spec's order.
    private async Task<IReadOnlyList<MetricQuestion>> QuestionsAsync(Canary canary, IReadOnlyList<MetricSpec> metrics, CancellationToken ct)
    {
        var provider = canary.Spec.Provider ?? options.MeshProvider ?? "";
        var direct = metrics.SelectMany(m => Direct(canary, m, provider));
        var templates = await Task.WhenAll(metrics.Where(m => m.TemplateName is not null).Select(m => FromTemplateAsync(canary, m, provider, ct))).ConfigureAwait(false);
        return [.. direct, .. templates];
    }

    private IEnumerable<MetricQuestion> Direct(Canary canary, MetricSpec metric, string provider)
    {
        if (metric.IsBuiltIn)
        {
            yield return BuiltIn(canary, metric, provider);
        }

        if (metric.Query is { } query)
        {
            yield return MetricQuestion.Render(metric, MetricClass.Inline, provider, providers.Find(Prometheus)!,
                PrometheusQuery(canary, metric, query), QueryVariables.For(canary, metric), "rendering query failed: ");
        }

        if (!metric.IsBuiltIn && metric.Query is null && metric.TemplateName is null)
        {
            yield return MetricQuestion.Impossible(metric, MetricClass.Template, provider, "Metric query failed for no usable metrics template and query were configured");
        }
    }

    private MetricQuestion BuiltIn(Canary canary, MetricSpec metric, string provider)
    {
        var kind = metric.Name == MetricSpec.SuccessRate ? MetricClass.SuccessRate : MetricClass.Duration;
        if (builtIns.Find(provider) is not { } checks)
        {
            return MetricQuestion.Impossible(metric, kind, provider,
                $"provider '{provider}' has no built-in checks; these have: {string.Join(", ", builtIns.Names)}");
        }

        var variables = QueryVariables.For(canary, metric);
        var template = kind == MetricClass.SuccessRate ? checks.SuccessRateQuery : checks.DurationQuery;
        return MetricQuestion.Render(metric, kind, provider, providers.Find(Prometheus)!, PrometheusQuery(canary, metric, template),
            checks.EncodesNames ? variables.Encoded() : variables, "rendering query failed: ") with
        { Unit = checks.DurationUnit };
    }

    private MetricQuery PrometheusQuery(Canary canary, MetricSpec metric, string query)
        => new(canary.Spec.MetricsServer ?? options.MetricsServer, query) { Interval = metric.Interval };

    private async Task<MetricQuestion> FromTemplateAsync(Canary canary, MetricSpec metric, string queryProvider, CancellationToken ct)
    {
        var ns = metric.TemplateNamespace ?? canary.Namespace;
        var name = $"{metric.TemplateName}.{ns}";
        if (options.NoCrossNamespaceRefs && ns != canary.Namespace)
        {
            return Impossible($"can't access metric template {name}, cross-namespace references are blocked");
        }

        var template = await cluster.GetAsync(new(Kinds.MetricTemplate, ns, metric.TemplateName!), ct).ConfigureAwait(false);
        if (template is null)
        {
            return Impossible($"Metric template {name} error: it does not exist");
        }

        var type = template.Text("spec", "provider", "type") ?? "";
        if (providers.Find(type) is not { } provider)
        {
            return Impossible($"Metric template {name} provider '{type}' error: it is not a known provider; use one of: {string.Join(", ", providers.Names)}");
        }

        var secret = template.Text("spec", "provider", "secretRef", "name");
        var credentials = secret is null ? null : await SecretAsync(ns, secret, ct).ConfigureAwait(false);
        if (secret is not null && credentials is null)
        {
            return Impossible($"Metric template {name} secret {secret} error: it does not exist");
        }

        return MetricQuestion.Render(metric, MetricClass.Template, queryProvider, provider, Query(template, metric, credentials),
            QueryVariables.For(canary, metric), $"Metric template {name} query render error: ");

        MetricQuestion Impossible(string problem) => MetricQuestion.Impossible(metric, MetricClass.Template, queryProvider, problem);
    }

    private static MetricQuery Query(JsonObject template, MetricSpec metric, IReadOnlyDictionary<string, string>? credentials)
    {
        var provider = template.At("spec", "provider");
        return new(provider.Text("address"), template.Text("spec", "query") ?? "")
        {
            Interval = metric.Interval,
            Credentials = credentials,
            InsecureSkipVerify = provider.Flag("insecureSkipVerify") ?? false,
            Region = provider.Text("region"),
            Headers = (provider.ObjectAt("headers") ?? []).ToDictionary(
                h => h.Key, h => (IReadOnlyList<string>)[.. (h.Value as JsonArray ?? []).Select(v => v.Text()).OfType<string>()]),
        };
    }

    private async Task<IReadOnlyDictionary<string, string>?> SecretAsync(string ns, string name, CancellationToken ct)
        => await cluster.GetAsync(new(Kinds.Secret, ns, name), ct).ConfigureAwait(false) is { } secret ? SecretData.Of(secret) : null;
}
