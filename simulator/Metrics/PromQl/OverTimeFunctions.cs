namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>Functions <c>*_over_time</c>.</summary>
internal static class OverTimeFunctions
{
    public static IEnumerable<Function> All { get; } =
    [
        RangeWindow.Function("sum_over_time", window => Statistics.SumOfSamples(window.Values)),
        RangeWindow.Function("avg_over_time", window => Statistics.AverageOfSamples(window.Values)),
        RangeWindow.Function("min_over_time", window => Statistics.Min(window.Values)),
        RangeWindow.Function("max_over_time", window => Statistics.Max(window.Values)),
        RangeWindow.Function("count_over_time", window => window.Points.Count),
        RangeWindow.Function("last_over_time", window => window.Last.Value, keepName: true),
        RangeWindow.Function("present_over_time", _ => 1),
        RangeWindow.Function("stddev_over_time", window => Math.Sqrt(Statistics.VarianceOfSamples(window.Values))),
        RangeWindow.Function("stdvar_over_time", window => Statistics.VarianceOfSamples(window.Values)),
        Function.Of("quantile_over_time", [PromType.Scalar, PromType.Matrix], QuantileOverTime),
    ];

    private static VectorValue QuantileOverTime(Call call)
    {
        var q = call.Scalar(0);
        return RangeWindow.Map(call.Matrix(1), window => Statistics.Quantile(q, window.Values));
    }
}
