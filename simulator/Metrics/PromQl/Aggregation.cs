namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>Aggregation operators.</summary>
internal static class Aggregation
{
    public static VectorValue Apply(AggregateExpr expr, IReadOnlyList<Sample> samples, PromValue? parameter)
    {
        var groups = Group(expr, samples);
        return expr.Operator switch
        {
            "topk" or "bottomk" => Pick(groups.Values, ((ScalarValue)parameter!).Value, expr.Operator == "topk"),
            "count_values" => CountValues(expr, samples, ((StringValue)parameter!).Value),
            "quantile" => Each(groups, values => Statistics.Quantile(((ScalarValue)parameter!).Value, values)),
            _ => Each(groups, Reducer(expr.Operator)),
        };
    }

    private static Func<IReadOnlyList<double>, double> Reducer(string op) => op switch
    {
        "sum" => Statistics.Sum,
        "avg" => Statistics.Average,
        "count" => values => values.Count,
        "group" => _ => 1,
        "min" => Statistics.Min,
        "max" => Statistics.Max,
        "stddev" => values => Math.Sqrt(Statistics.Variance(values)),
        "stdvar" => Statistics.Variance,
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "is not an aggregation operator."),
    };

    private static Dictionary<Labels, List<Sample>> Group(AggregateExpr expr, IReadOnlyList<Sample> samples)
    {
        var groups = new Dictionary<Labels, List<Sample>>();
        foreach (var sample in samples)
        {
            var key = Key(expr, sample.Labels);
            if (!groups.TryGetValue(key, out var members))
            {
                groups[key] = members = [];
            }

            members.Add(sample);
        }

        return groups;
    }

    private static Labels Key(AggregateExpr expr, Labels labels) => expr.Without ? labels.Drop(expr.Grouping) : labels.Keep(expr.Grouping);

    private static VectorValue Each(Dictionary<Labels, List<Sample>> groups, Func<IReadOnlyList<double>, double> reduce) =>
        new([.. groups.Select(group => new Sample(group.Key, reduce([.. group.Value.Select(sample => sample.Value)])))]);

    /// <summary>The k largest or smallest of each group, with all their labels, best first. NaN is the worst in both directions.</summary>
    private static VectorValue Pick(IEnumerable<List<Sample>> groups, double k, bool largest)
    {
        if (double.IsNaN(k) || k is < long.MinValue or > long.MaxValue)
        {
            throw new PromQlExecutionException($"Scalar value {GoFloat.Format(k)} overflows int64");
        }

        return new VectorValue([.. groups.SelectMany(group =>
        {
            var best = new BestSamples((int)Math.Clamp(k, 0, int.MaxValue), largest);
            group.ForEach(best.Offer);
            return best.InOrder();
        })]);
    }

    private static VectorValue CountValues(AggregateExpr expr, IReadOnlyList<Sample> samples, string label)
    {
        if (!MetricNames.IsLabelName(label))
        {
            throw new PromQlExecutionException($"invalid label name \"{label}\"");
        }

        return new VectorValue([.. samples
            .GroupBy(sample =>
            {
                // "by" always tells the groups apart by the value's own label; "without" may leave it out.
                var labels = sample.Labels.With(label, GoFloat.Format(sample.Value));
                return expr.Without ? Key(expr, labels) : labels.Keep([.. expr.Grouping, label]);
            })
            .Select(group => new Sample(group.Key, group.Count()))]);
    }
}
