namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>Functions that rewrite labels.</summary>
internal static class LabelFunctions
{
    public static IEnumerable<Function> All { get; } =
    [
        Function.Of("label_replace", [PromType.Vector, PromType.String, PromType.String, PromType.String, PromType.String], Replace),
        new("label_join", [PromType.Vector, PromType.String, PromType.String, PromType.String], 3, int.MaxValue, PromType.Vector, Join),
    ];

    private static VectorValue Replace(Call call)
    {
        var (target, replacement, source) = (call.Text(1), call.Text(2), call.Text(3));
        var regex = Compile(call.Text(4));
        CheckLabel(target, "destination label name in label_replace()");
        return new VectorValue([.. call.Vector(0).Samples.Select(sample =>
            regex.Expand(sample.Labels[source], replacement) is { } value ? sample with { Labels = sample.Labels.With(target, value) } : sample)]).Unique();
    }

    private static VectorValue Join(Call call)
    {
        var (target, separator) = (call.Text(1), call.Text(2));
        string[] sources = [.. Enumerable.Range(3, call.Count - 3).Select(call.Text)];
        CheckLabel(target, "destination label name in label_join()");
        foreach (var source in sources)
        {
            CheckLabel(source, "source label name in label_join()");
        }

        return new VectorValue([.. call.Vector(0).Samples.Select(sample =>
            sample with { Labels = sample.Labels.With(target, string.Join(separator, sources.Select(source => sample.Labels[source]))) })]).Unique();
    }

    private static Re2 Compile(string pattern)
    {
        try
        {
            return Re2.Compile(pattern);
        }
        catch (Re2SyntaxException)
        {
            throw new PromQlExecutionException($"invalid regular expression in label_replace(): {pattern}");
        }
    }

    private static void CheckLabel(string name, string what)
    {
        if (!MetricNames.IsLabelName(name))
        {
            throw new PromQlExecutionException($"invalid {what}: {name}");
        }
    }
}
