namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>Functions that make, test, order or convert whole vectors.</summary>
internal static class VectorFunctions
{
    public static IEnumerable<Function> All { get; } =
    [
        new("time", [], 0, 0, PromType.Scalar, call => new ScalarValue(call.NowSeconds)),
        new("pi", [], 0, 0, PromType.Scalar, _ => new ScalarValue(Math.PI)),
        new("scalar", [PromType.Vector], 1, 1, PromType.Scalar, call => new ScalarValue(call.Vector(0).Samples is [var only] ? only.Value : double.NaN)),
        Function.Of("vector", [PromType.Scalar], call => VectorValue.Of(call.Scalar(0))),
        Function.Of("timestamp", [PromType.Vector], Timestamp),
        Function.Of("absent", [PromType.Vector], call => Absent(call, call.Vector(0).Samples.Count)),
        Function.Of("absent_over_time", [PromType.Matrix], call => Absent(call, call.Matrix(0).Series.Count)),
        Function.Of("sort", [PromType.Vector], call => Sort(call.Vector(0), sample => sample.Value)),
        Function.Of("sort_desc", [PromType.Vector], call => Sort(call.Vector(0), sample => -sample.Value)),
    ];

    private static VectorValue Timestamp(Call call) =>
        call.Timestamps(0)?.Map(value => value).Unique() ?? call.Vector(0).Map(_ => call.NowSeconds).Unique();

    /// <summary>NaN comes last in both directions.</summary>
    private static VectorValue Sort(VectorValue vector, Func<Sample, double> by) =>
        new([.. vector.Samples.OrderBy(sample => double.IsNaN(sample.Value)).ThenBy(by)]);

    /// <summary>1 with the labels that the selector's equality matchers name, if there is no element.</summary>
    private static VectorValue Absent(Call call, int present)
    {
        if (present > 0)
        {
            return VectorValue.Empty;
        }

        var matchers = Matchers(call.Argument(0)).Where(m => m.Name != Labels.MetricName);
        // A label that has two conditions has no one value.
        var single = matchers.GroupBy(m => m.Name).Where(g => g.Count() == 1).Select(g => g.Single()).Where(m => m.Operator == MatchOperator.Equal);
        return new VectorValue([new Sample(Labels.From(single.Select(m => KeyValuePair.Create(m.Name, m.Value))), 1)]);
    }

    private static IReadOnlyList<LabelMatcher> Matchers(Expr expr) => expr switch
    {
        ParenExpr paren => Matchers(paren.Inner),
        VectorSelector selector => selector.Matchers,
        MatrixSelector matrix => matrix.Vector.Matchers,
        _ => [],
    };
}
