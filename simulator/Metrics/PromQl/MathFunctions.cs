namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>Functions of each value on its own.</summary>
internal static class MathFunctions
{
    public static IEnumerable<Function> All { get; } =
    [
        Each("abs", Math.Abs),
        Each("ceil", Math.Ceiling),
        Each("floor", Math.Floor),
        Each("exp", Math.Exp),
        Each("ln", Math.Log),
        Each("log2", Math.Log2),
        Each("log10", Math.Log10),
        Each("sqrt", Math.Sqrt),
        Each("sgn", value => value > 0 ? 1 : value < 0 ? -1 : value),
        Function.Of("clamp", [PromType.Vector, PromType.Scalar, PromType.Scalar], call => Clamp(call.Vector(0), call.Scalar(1), call.Scalar(2))),
        Function.Of("clamp_min", [PromType.Vector, PromType.Scalar], call => Map(call, Max)),
        Function.Of("clamp_max", [PromType.Vector, PromType.Scalar], call => Map(call, Min)),
        new("round", [PromType.Vector, PromType.Scalar], 1, 2, PromType.Vector, Round),
    ];

    private static Function Each(string name, Func<double, double> compute) =>
        Function.Of(name, [PromType.Vector], call => call.Vector(0).Map(compute).Unique());

    private static VectorValue Map(Call call, Func<double, double, double> compute)
    {
        var bound = call.Scalar(1);
        return call.Vector(0).Map(value => compute(value, bound)).Unique();
    }

    private static VectorValue Clamp(VectorValue vector, double least, double most) =>
        least > most ? VectorValue.Empty : vector.Map(value => Max(least, Min(most, value))).Unique();

    /// <summary>Halves go up. Multiplying by the inverse, as Prometheus does, keeps 0.1 steps exact.</summary>
    private static VectorValue Round(Call call)
    {
        var inverse = 1 / (call.Count > 1 ? call.Scalar(1) : 1);
        return call.Vector(0).Map(value => Math.Floor((value * inverse) + 0.5) / inverse).Unique();
    }

    // As in Go, where the infinities prevail over NaN.
    private static double Max(double one, double other) => double.IsPositiveInfinity(one) || double.IsPositiveInfinity(other) ? double.PositiveInfinity : Math.Max(one, other);

    private static double Min(double one, double other) => double.IsNegativeInfinity(one) || double.IsNegativeInfinity(other) ? double.NegativeInfinity : Math.Min(one, other);
}
