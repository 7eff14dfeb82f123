namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>Arithmetic and comparisons between two vectors: one to one, or many to one with group_left and group_right.</summary>
internal sealed class VectorJoin(BinaryExpr expr)
{
    private readonly VectorMatching _matching = expr.Matching;

    /// <exception cref="PromQlExecutionException">An element has more than one partner.</exception>
    public VectorValue Join(IReadOnlyList<Sample> left, IReadOnlyList<Sample> right)
    {
        if (left.Count == 0 || right.Count == 0)
        {
            return VectorValue.Empty;
        }

        var swapped = _matching.Cardinality == Cardinality.OneToMany;
        var (many, one) = swapped ? (right, left) : (left, right);
        var key = VectorOperations.Key(_matching);
        var partners = Partners(one, key, swapped ? "left" : "right");
        var result = new List<Sample>();
        var seen = new HashSet<(Labels Key, Labels? Result)>();
        foreach (var sample in many)
        {
            var match = key(sample.Labels);
            if (!partners.TryGetValue(match, out var partner))
            {
                continue;
            }

            var (first, second) = swapped ? (partner.Value, sample.Value) : (sample.Value, partner.Value);
            var value = Compute(first, second);
            if (value is null)
            {
                continue;
            }

            var labels = ResultLabels(sample.Labels, partner.Labels);
            Claim(seen, match, labels);
            result.Add(new Sample(labels, value.Value));
        }

        return new VectorValue(result);
    }

    private static Dictionary<Labels, Sample> Partners(IReadOnlyList<Sample> one, Func<Labels, Labels> key, string side)
    {
        var partners = new Dictionary<Labels, Sample>();
        foreach (var sample in one)
        {
            var match = key(sample.Labels);
            if (!partners.TryAdd(match, sample))
            {
                throw new PromQlExecutionException(
                    $"found duplicate series for the match group {Braced(match)} on the {side} hand-side of the operation: "
                    + $"[{Braced(sample.Labels)}, {Braced(partners[match].Labels)}];many-to-many matching not allowed: matching labels must be unique on one side");
            }
        }

        return partners;
    }

    /// <summary>The result; null where a comparison filters the element out.</summary>
    private double? Compute(double left, double right)
    {
        if (!Operators.IsComparison(expr.Operator) || expr.ReturnBool)
        {
            return Operators.Apply(expr.Operator, left, right);
        }

        return Operators.Holds(expr.Operator, left, right) ? left : null;
    }

    private Labels ResultLabels(Labels many, Labels one)
    {
        var keepsName = Operators.IsComparison(expr.Operator) && !expr.ReturnBool;
        var labels = keepsName ? many : many.WithoutName();
        if (_matching.Cardinality == Cardinality.OneToOne)
        {
            labels = _matching.On ? labels.Keep(_matching.Labels) : Without(labels, _matching.Labels);
        }

        foreach (var included in _matching.Include)
        {
            labels = labels.With(included, one[included]);
        }

        return labels;
    }

    private static Labels Without(Labels labels, IReadOnlyList<string> names) =>
        names.Aggregate(labels, (rest, name) => rest.With(name, ""));

    private void Claim(HashSet<(Labels Key, Labels? Result)> seen, Labels match, Labels result)
    {
        if (_matching.Cardinality == Cardinality.OneToOne)
        {
            if (!seen.Add((match, null)))
            {
                throw new PromQlExecutionException("multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)");
            }
        }
        else if (!seen.Add((match, result)))
        {
            throw new PromQlExecutionException("multiple matches for labels: grouping labels must ensure unique matches");
        }
    }

    /// <summary>All labels in braces, the metric name too, as Prometheus prints a label set.</summary>
    private static string Braced(Labels labels) => $"{{{string.Join(", ", labels.Pairs.Select(pair => $"{pair.Key}=\"{pair.Value}\""))}}}";
}
