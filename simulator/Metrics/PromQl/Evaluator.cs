namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>First and last instant of a query, nominal ms (the same for an instant query), and the step that subqueries use by default.</summary>
internal sealed record QueryFrame(long StartMs, long EndMs, long SubqueryStepMs);

/// <summary>Computes the value of an expression at one instant. All times in here are nominal.</summary>
internal sealed class Evaluator(SeriesReader reader, NominalTime time, QueryFrame frame, CancellationToken ct)
{
    /// <exception cref="PromQlExecutionException">The expression has no value, for instance because a match is ambiguous.</exception>
    public PromValue Evaluate(Expr expr, long nowMs)
    {
        ct.ThrowIfCancellationRequested();
        return expr switch
        {
            NumberLiteral number => new ScalarValue(number.Value),
            StringLiteral text => new StringValue(text.Value),
            ParenExpr paren => Evaluate(paren.Inner, nowMs),
            NegateExpr negate => Negate(Evaluate(negate.Inner, nowMs)),
            VectorSelector selector => reader.Instant(selector, Instant(selector.Shift, nowMs)),
            MatrixSelector matrix => Range(matrix, nowMs),
            SubqueryExpr subquery => Subquery(subquery, nowMs),
            AggregateExpr aggregate => Aggregate(aggregate, nowMs),
            CallExpr call => call.Function.Apply(new Call(this, call.Arguments, nowMs)),
            BinaryExpr binary => Binary(binary, nowMs),
            _ => throw new PromQlExecutionException($"expressions of type {expr.GetType().Name} are not evaluated"),
        };
    }

    /// <summary>The wall-clock seconds of a nominal instant.</summary>
    public double WallSeconds(long nowMs) => time.WallSeconds(nowMs);

    /// <summary>The times of the samples that a selector finds, as values; null for any other expression.</summary>
    public VectorValue? Timestamps(Expr expr, long nowMs) => expr switch
    {
        ParenExpr paren => Timestamps(paren.Inner, nowMs),
        VectorSelector selector => reader.Instant(selector, Instant(selector.Shift, nowMs), timestamps: true),
        _ => null,
    };

    private static PromValue Negate(PromValue value) => value switch
    {
        ScalarValue scalar => new ScalarValue(-scalar.Value),
        VectorValue vector => vector.Map(v => -v).Unique(),
        _ => throw new PromQlExecutionException("only scalars and instant vectors can be negated"),
    };

    private long Instant(TimeShift shift, long nowMs) => shift switch
    {
        { AtMs: { } at } => time.FromWall(at),
        { AtEdge: "start" } => frame.StartMs,
        { AtEdge: "end" } => frame.EndMs,
        _ => nowMs,
    } - shift.OffsetMs;

    private MatrixValue Range(MatrixSelector matrix, long nowMs)
    {
        var to = Instant(matrix.Vector.Shift, nowMs);
        return reader.Range(matrix.Vector, to - matrix.RangeMs, to);
    }

    private MatrixValue Subquery(SubqueryExpr subquery, long nowMs)
    {
        var to = Instant(subquery.Shift, nowMs);
        var from = to - subquery.RangeMs;
        var step = subquery.StepMs ?? frame.SubqueryStepMs;
        // Steps are multiples of the step itself, not of the query's time, so that neighbouring queries see the same samples.
        var first = from / step * step;
        var collector = new SeriesCollector();
        for (var at = first < from ? first + step : first; at <= to; at += step)
        {
            collector.Add(Evaluate(subquery.Inner, at), at);
        }

        return new MatrixValue(collector.Series(), from, to);
    }

    private VectorValue Aggregate(AggregateExpr expr, long nowMs)
    {
        var samples = ((VectorValue)Evaluate(expr.Inner, nowMs)).Samples;
        var parameter = expr.Parameter is null ? null : Evaluate(expr.Parameter, nowMs);
        return Aggregation.Apply(expr, samples, parameter);
    }

    private PromValue Binary(BinaryExpr expr, long nowMs) => (Evaluate(expr.Left, nowMs), Evaluate(expr.Right, nowMs)) switch
    {
        (ScalarValue left, ScalarValue right) => new ScalarValue(Operators.Apply(expr.Operator, left.Value, right.Value)),
        (VectorValue left, ScalarValue right) => VectorOperations.WithScalar(expr, left, right.Value, scalarIsLeft: false),
        (ScalarValue left, VectorValue right) => VectorOperations.WithScalar(expr, right, left.Value, scalarIsLeft: true),
        (VectorValue left, VectorValue right) when Operators.IsSet(expr.Operator) => VectorOperations.Set(expr, left, right),
        (VectorValue left, VectorValue right) => new VectorJoin(expr).Join(left.Samples, right.Samples),
        var (left, right) => throw new PromQlExecutionException($"{left.GetType().Name} {expr.Operator} {right.GetType().Name} is not defined"),
    };
}
