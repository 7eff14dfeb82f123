namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>A PromQL function.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Takes">Types of the arguments; the last one holds for all further ones.</param>
/// <param name="Required">Fewest arguments.</param>
/// <param name="Most">Most arguments.</param>
/// <param name="Returns">Type of the result.</param>
/// <param name="Apply">What it computes.</param>
internal sealed record Function(
    string Name, IReadOnlyList<PromType> Takes, int Required, int Most, PromType Returns, Func<Call, PromValue> Apply)
{
    /// <summary>A function that needs all its arguments and gives an instant vector.</summary>
    public static Function Of(string name, IReadOnlyList<PromType> takes, Func<Call, PromValue> apply) =>
        new(name, takes, takes.Count, takes.Count, PromType.Vector, apply);
}

/// <summary>One call: its arguments, evaluated when asked for, at one nominal instant.</summary>
internal sealed class Call(Evaluator evaluator, IReadOnlyList<Expr> arguments, long nowMs)
{
    public long NowMs => nowMs;

    /// <summary>The instant in wall-clock seconds.</summary>
    public double NowSeconds => evaluator.WallSeconds(nowMs);

    public int Count => arguments.Count;

    public Expr Argument(int index) => arguments[index];

    public double Scalar(int index) => ((ScalarValue)Evaluate(index)).Value;

    public string Text(int index) => ((StringValue)Evaluate(index)).Value;

    public VectorValue Vector(int index) => (VectorValue)Evaluate(index);

    public MatrixValue Matrix(int index) => (MatrixValue)Evaluate(index);

    /// <summary>Sample times of a selector argument, in wall-clock seconds; null where the argument is no selector.</summary>
    public VectorValue? Timestamps(int index) => evaluator.Timestamps(arguments[index], nowMs);

    private PromValue Evaluate(int index) => evaluator.Evaluate(arguments[index], nowMs);
}
