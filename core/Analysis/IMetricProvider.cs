namespace CanaryFunctions.Core.Analysis;

/// <summary>A server that answers a MetricTemplate's query with one number. Found by <c>spec.provider.type</c>.</summary>
public interface IMetricProvider : INamed
{
    /// <summary>Asks the query. Never throws for what the server does: no data and errors are results, for they are told apart from a bad application.</summary>
    Task<MetricSample> QueryAsync(MetricQuery query, CancellationToken ct);

    /// <summary>Whether the server answers at all; null when it does, else what is wrong.</summary>
    Task<string?> ProbeAsync(MetricQuery query, CancellationToken ct);
}

/// <summary>A rendered query and how to reach who answers it (contracts/routing-metrics.md 3).</summary>
/// <param name="Address">Base URL, or null where the provider has a default.</param>
/// <param name="Query">Rendered; empty for a probe.</param>
public sealed record MetricQuery(string? Address, string Query)
{
    /// <summary>The metric's window, such as <c>1m</c>.</summary>
    public string Interval { get; init; } = "1m";

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Headers { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The keys of the referenced Secret, decoded; never logged.</summary>
    public IReadOnlyDictionary<string, string>? Credentials { get; init; }

    public bool InsecureSkipVerify { get; init; }

    public string? Region { get; init; }
}

/// <summary>What a query brought.</summary>
public abstract record MetricSample
{
    private MetricSample()
    {
    }

    /// <summary>A number to judge.</summary>
    public sealed record Value(double Number) : MetricSample;

    /// <summary>The server answered and has no value: no such series, or not a number. <paramref name="Text"/> is the contract's wording.</summary>
    public sealed record NoData(string Text) : MetricSample;

    /// <summary>The question failed: server down, query refused. Says nothing about the application.</summary>
    public sealed record Error(string Text) : MetricSample;
}
