namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>Functions of change over a range: rate and its relatives.</summary>
internal static class CounterFunctions
{
    public static IEnumerable<Function> All { get; } =
    [
        RangeWindow.Function("rate", window => Extrapolated(window, isCounter: true, window.Seconds)),
        RangeWindow.Function("increase", window => Extrapolated(window, isCounter: true)),
        RangeWindow.Function("delta", window => Extrapolated(window, isCounter: false)),
        RangeWindow.Function("irate", window => LastChange(window, isRate: true)),
        RangeWindow.Function("idelta", window => LastChange(window, isRate: false)),
        RangeWindow.Function("deriv", window => window.Points.Count < 2 ? null : Regression(window.Points, window.First.TimeMs).Slope),
        Function.Of("predict_linear", [PromType.Matrix, PromType.Scalar], PredictLinear),
        RangeWindow.Function("resets", window => Pairs(window).Count(pair => pair.Second < pair.First)),
        RangeWindow.Function("changes", window => Pairs(window).Count(pair => pair.First != pair.Second && !(double.IsNaN(pair.First) && double.IsNaN(pair.Second)))),
    ];

    /// <summary>
    /// The change over the window. The samples cover only a part of it; the rest is extrapolated up to the window's ends if they
    /// are near (within 1.1 sample distances), else by half a distance, and for a counter never below zero.
    /// </summary>
    /// <param name="per">What the change is divided by.</param>
    private static double? Extrapolated(RangeWindow window, bool isCounter, double per = 1)
    {
        if (window.Points.Count < 2)
        {
            return null;
        }

        var change = window.Last.Value - window.First.Value;
        if (isCounter)
        {
            // A counter that falls was reset: what it had reached before counts in full.
            change += Pairs(window).Where(pair => pair.Second < pair.First).Sum(pair => pair.First);
        }

        var sampled = (window.Last.TimeMs - window.First.TimeMs) / 1000.0;
        var distance = sampled / (window.Points.Count - 1);
        var toStart = (window.First.TimeMs - window.FromMs) / 1000.0;
        var toEnd = (window.ToMs - window.Last.TimeMs) / 1000.0;
        if (isCounter && change > 0 && window.First.Value >= 0)
        {
            toStart = Math.Min(toStart, sampled * (window.First.Value / change));
        }

        var covered = sampled + Reach(toStart, distance) + Reach(toEnd, distance);
        return change * (covered / sampled / per);
    }

    private static double Reach(double gap, double distance) => gap < distance * 1.1 ? gap : distance / 2;

    private static double? LastChange(RangeWindow window, bool isRate)
    {
        if (window.Points.Count < 2)
        {
            return null;
        }

        var (before, last) = (window.Points[^2], window.Last);
        var change = isRate && last.Value < before.Value ? last.Value : last.Value - before.Value;
        return isRate ? change / ((last.TimeMs - before.TimeMs) / 1000.0) : change;
    }

    private static VectorValue PredictLinear(Call call)
    {
        var ahead = call.Scalar(1);
        return RangeWindow.Map(call.Matrix(0), window =>
        {
            if (window.Points.Count < 2)
            {
                return null;
            }

            var (slope, intercept) = Regression(window.Points, call.NowMs);
            return (slope * ahead) + intercept;
        });
    }

    /// <summary>Least squares line: change per second, and the value at <paramref name="originMs"/>.</summary>
    private static (double Slope, double Intercept) Regression(IReadOnlyList<Point> points, long originMs)
    {
        var first = points[0].Value;
        if (points.All(point => point.Value == first))
        {
            return double.IsInfinity(first) ? (double.NaN, double.NaN) : (0, first);
        }

        var times = points.Select(point => (point.TimeMs - originMs) / 1000.0).ToArray();
        var (sumX, sumY) = (Statistics.SumOfSamples(times), Statistics.SumOfSamples(points.Select(point => point.Value)));
        var sumXY = Statistics.SumOfSamples(points.Select((point, i) => times[i] * point.Value));
        var sumXX = Statistics.SumOfSamples(times.Select(x => x * x));
        var slope = (sumXY - (sumX * sumY / points.Count)) / (sumXX - (sumX * sumX / points.Count));
        return (slope, (sumY / points.Count) - (slope * sumX / points.Count));
    }

    private static IEnumerable<(double First, double Second)> Pairs(RangeWindow window) =>
        window.Points.Zip(window.Points.Skip(1), (first, second) => (first.Value, second.Value));
}
