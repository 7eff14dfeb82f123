namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>How queries are evaluated. Durations are nominal.</summary>
public sealed record PromQlOptions
{
    /// <summary>Nominal seconds in a second of wall time, more than 0. Default 1.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>How far back an instant selector looks for a sample. Default five minutes.</summary>
    public TimeSpan Lookback { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The step of subqueries that name none. Default one minute.</summary>
    public TimeSpan SubqueryStep { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>
/// Evaluates PromQL over a store as Prometheus 2 does (ranges include both ends). Times that go in and come out are wall-clock
/// milliseconds; durations within a query are nominal.
/// </summary>
public sealed class PromQlEngine
{
    private readonly PromQlOptions _options;
    private readonly NominalTime _time;
    private readonly SeriesReader _reader;
    private readonly TimeSeriesStore _store;

    /// <exception cref="ArgumentOutOfRangeException">The speed is not a number above 0.</exception>
    public PromQlEngine(TimeSeriesStore store, PromQlOptions? options = null)
    {
        _options = options ?? new PromQlOptions();
        if (!(_options.Speed > 0) || double.IsInfinity(_options.Speed))
        {
            throw new ArgumentOutOfRangeException(nameof(options), _options.Speed, "The speed must be a number above 0.");
        }

        _store = store;
        _time = new NominalTime(_options.Speed);
        _reader = new SeriesReader(store, _time, (long)_options.Lookback.TotalMilliseconds);
    }

    /// <summary>The query's only number at an instant: a scalar, or the value of a vector of one element; null for an empty vector.</summary>
    /// <exception cref="PromQlParseException">The query is not PromQL.</exception>
    /// <exception cref="PromQlExecutionException">The query cannot be answered, or not by one number.</exception>
    public double? Number(string query, DateTimeOffset at) => Instant(query, at.ToUnixTimeMilliseconds()) switch
    {
        ScalarValue scalar => scalar.Value,
        VectorValue { Samples: [] } => null,
        VectorValue { Samples: [var only] } => only.Value,
        VectorValue many => throw new PromQlExecutionException($"the query gives {many.Samples.Count} elements where one was expected"),
        _ => throw new PromQlExecutionException("the query gives neither a scalar nor an instant vector"),
    };

    /// <summary>Evaluates at one instant. Times of a range vector come back as wall-clock milliseconds.</summary>
    internal PromValue Instant(string query, long atMs, CancellationToken ct = default)
    {
        var now = _time.FromWall(atMs);
        var expr = Parser.Parse(query);
        var value = _store.Isolated(() => Evaluator(now, now, ct).Evaluate(expr, now));
        return value is MatrixValue matrix ? matrix with { Series = ToWall(matrix.Series) } : value;
    }

    /// <summary>Evaluates at every step from start to end, both included, all in wall-clock milliseconds.</summary>
    /// <exception cref="PromQlTypeException">The query gives a string or a range vector.</exception>
    internal IReadOnlyList<SampleSeries> Range(string query, long startMs, long endMs, long stepMs, CancellationToken ct = default)
    {
        var expr = Parser.Parse(query);
        if (expr.Type is not (PromType.Scalar or PromType.Vector))
        {
            throw new PromQlTypeException($"invalid expression type \"{TypeChecker.Name(expr.Type)}\" for range query, must be Scalar or instant Vector");
        }

        return _store.Isolated(() =>
        {
            var evaluator = Evaluator(_time.FromWall(startMs), _time.FromWall(endMs), ct);
            var collector = new SeriesCollector();
            for (var at = startMs; at <= endMs; at += stepMs)
            {
                collector.Add(evaluator.Evaluate(expr, _time.FromWall(at)), at);
            }

            return collector.Series();
        });
    }

    private Evaluator Evaluator(long startMs, long endMs, CancellationToken ct) =>
        new(_reader, _time, new QueryFrame(startMs, endMs, (long)_options.SubqueryStep.TotalMilliseconds), ct);

    private List<SampleSeries> ToWall(IReadOnlyList<SampleSeries> series) =>
        [.. series.Select(s => s with { Points = [.. s.Points.Select(point => point with { TimeMs = _time.ToWall(point.TimeMs) })] })];
}
