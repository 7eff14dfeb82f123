using System.Collections;
using System.Diagnostics.CodeAnalysis;
using CanaryFunctions.Core.Analysis.Templates;
using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Admission;

/// <summary>What can be said about query templates before anybody is asked.</summary>
internal sealed class QueryChecks(IEnumerable<IMetricRule> rules)
{
    // What a variable may stand for: a name, a duration, a number. It is not known before a Canary uses the template.
    private static readonly string[] Samples = ["x", "1m", "1"];

    private readonly Dictionary<string, IMetricRule> _rules = rules.ToDictionary(r => r.Provider, StringComparer.Ordinal);

    /// <summary>Whether the provider has no address of its own.</summary>
    public bool NeedsAddress(string provider) => _rules.GetValueOrDefault(provider)?.NeedsAddress == true;

    /// <summary>A query with its Canary and metric: both are known, so it has to render.</summary>
    public void CheckInline(SpecField query, string text, Canary canary, MetricSpec metric, string provider)
    {
        var rendered = QueryTemplate.Render(text, QueryVariables.For(canary, metric));
        if (rendered.Text is { } ready)
        {
            WarnOfSyntax(query, _rules.GetValueOrDefault(provider)?.CheckQuery(ready), provider);
        }
        else
        {
            query.Report($"is not a usable query template: {rendered.Error!.TrimEnd('.')}.");
        }
    }

    /// <summary>A MetricTemplate's query: it has to parse; what it renders to depends on who uses it.</summary>
    public void CheckTemplate(SpecField query, string text, string? provider)
    {
        if (QueryTemplate.Check(text) is { } problem)
        {
            query.Report($"is not a usable query template: {problem.TrimEnd('.')}.");
        }
        else if (provider is not null && _rules.TryGetValue(provider, out var rule) && Rendered(text) is { Count: > 0 } ready)
        {
            var problems = ready.Select(rule.CheckQuery).ToList();
            WarnOfSyntax(query, problems.Contains(null) ? null : problems[0], provider);
        }
    }

    private static List<string> Rendered(string text) => [.. Samples.Select(s => QueryTemplate.Render(text, Sample(s)).Text).OfType<string>().Distinct()];

    private static QueryVariables Sample(string variable) => new()
    {
        Name = "name",
        Namespace = "namespace",
        Target = "target",
        Service = "service",
        Ingress = "ingress",
        Route = "route",
        Variables = new AnyVariable(variable),
    };

    private static void WarnOfSyntax(SpecField query, string? problem, string provider)
    {
        if (problem is not null)
        {
            query.Warn("", $"is nothing that {provider} can answer: {problem}. A release that asks it is held until its deadline and rolled back.");
        }
    }

    /// <summary>Every variable that a template asks for is there.</summary>
    private sealed class AnyVariable(string value) : IReadOnlyDictionary<string, string>
    {
        public int Count => 1;

        public IEnumerable<string> Keys => [value];

        public IEnumerable<string> Values => [value];

        public string this[string key] => value;

        public bool ContainsKey(string key) => true;

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out string found)
        {
            found = value;
            return true;
        }

        public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
        {
            yield return new(value, value);
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
