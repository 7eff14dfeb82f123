using System.Buffers;
using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Analysis.Templates;

/// <summary>What a query template can name (contracts/routing-metrics.md 2.2).</summary>
public sealed record QueryVariables
{
    private static readonly SearchValues<char> WordCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    public string Name { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Target { get; init; } = "";

    public string Service { get; init; } = "";

    public string Ingress { get; init; } = "";

    public string Route { get; init; } = "";

    /// <summary>The metric's window in Go's notation, such as <c>1m</c>.</summary>
    public string Interval { get; init; } = "1m";

    /// <summary><c>templateVariables</c> of the metric.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>The values of one metric of a Canary, in its nominal window.</summary>
    public static QueryVariables For(Canary canary, MetricSpec metric) => new()
    {
        Name = canary.Key.Name,
        Namespace = canary.Namespace,
        Target = canary.TargetName,
        Service = canary.ApexService,
        Ingress = canary.Spec.IngressRef?.Name is { Length: > 0 } ingress ? ingress : canary.TargetName,
        Route = canary.Spec.RouteRef?.Name is { Length: > 0 } route ? route : canary.TargetName,
        Interval = metric.Interval,
        Variables = metric.TemplateVariables,
    };

    /// <summary>The same with every character outside <c>[0-9A-Za-z_]</c> of the names replaced by <c>_</c>, as Skipper does in its route ids.</summary>
    public QueryVariables Encoded() => this with
    {
        Name = Encode(Name),
        Namespace = Encode(Namespace),
        Target = Encode(Target),
        Service = Encode(Service),
        Ingress = Encode(Ingress),
    };

    internal Dictionary<string, object?> ToValues() => new(StringComparer.Ordinal)
    {
        ["name"] = Name,
        ["namespace"] = Namespace,
        ["target"] = Target,
        ["service"] = Service,
        ["ingress"] = Ingress,
        ["route"] = Route,
        ["interval"] = Interval,
        ["variables"] = Variables,
    };

    private static string Encode(string name)
        => string.Create(name.Length, name, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = WordCharacters.Contains(source[i]) ? source[i] : '_';
            }
        });
}
