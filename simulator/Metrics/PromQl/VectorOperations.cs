namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>Binary operations that need no pairing of elements: with a scalar, and between sets.</summary>
internal static class VectorOperations
{
    /// <summary>Each element with the scalar. A comparison without bool filters and keeps the vector's value, whichever side it stands on.</summary>
    public static VectorValue WithScalar(BinaryExpr expr, VectorValue vector, double scalar, bool scalarIsLeft)
    {
        var result = new List<Sample>();
        foreach (var sample in vector.Samples)
        {
            var (left, right) = scalarIsLeft ? (scalar, sample.Value) : (sample.Value, scalar);
            if (!Operators.IsComparison(expr.Operator) || expr.ReturnBool)
            {
                result.Add(new Sample(sample.Labels.WithoutName(), Operators.Apply(expr.Operator, left, right)));
            }
            else if (Operators.Holds(expr.Operator, left, right))
            {
                result.Add(sample);
            }
        }

        return new VectorValue(result).Unique();
    }

    /// <summary>and, or, unless.</summary>
    public static VectorValue Set(BinaryExpr expr, VectorValue left, VectorValue right)
    {
        var key = Key(expr.Matching);
        var keys = (expr.Operator == "or" ? left : right).Samples.Select(sample => key(sample.Labels)).ToHashSet();
        return new VectorValue(expr.Operator switch
        {
            "and" => [.. left.Samples.Where(sample => keys.Contains(key(sample.Labels)))],
            "unless" => [.. left.Samples.Where(sample => !keys.Contains(key(sample.Labels)))],
            _ => [.. left.Samples, .. right.Samples.Where(sample => !keys.Contains(key(sample.Labels)))],
        }).Unique();
    }

    /// <summary>The labels by which elements find each other.</summary>
    public static Func<Labels, Labels> Key(VectorMatching matching) =>
        matching.On ? labels => labels.Keep(matching.Labels) : labels => labels.Drop(matching.Labels);
}
