using CanaryFunctions.Prometheus.Tests.History;
using CanaryFunctions.Simulator.Metrics.PromQl;

namespace CanaryFunctions.Prometheus.Tests.Queries;

/// <summary>
/// Writes expressions over the functions that the engine has, by their declared types, so that a new function is tested without a line here. A few are wrong
/// on purpose. The same seed gives the same expressions.
/// </summary>
internal sealed class Grammar(int seed)
{
    public static readonly string[] Aggregations = ["sum", "avg", "min", "max", "count", "group", "stddev", "stdvar", "topk", "bottomk", "quantile", "count_values"];
    public static readonly string[] Arithmetic = ["+", "-", "*", "/", "%", "^"];
    public static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];
    public const string Rare = "atan2";
    public static readonly string[] SetOperators = ["and", "or", "unless"];

    private const int Depth = 3;
    private static readonly Function[] Functions = [.. FunctionTable.All];
    private static readonly string[] Numbers = ["0", "1", "2", "-1", "0.5", "100", "1e3", "0x10", "Inf", "-Inf", "NaN", "3.25"];
    private static readonly string[] Quantiles = ["0", "0.25", "0.5", "0.9", "0.99", "1", "-0.5", "1.5", "NaN"];
    private static readonly string[] Ranges = ["30s", "1m", "90s", "5m", "7m30s", "20m"];
    private static readonly string[] Subqueries = ["2m:30s", "5m:1m", "4m:", "90s:15s"];
    private static readonly string[] Offsets = ["30s", "2m", "-1m", "10m"];

    private readonly Random _random = new(seed);
    private readonly Selectors _selectors = new(seed);

    public IEnumerable<TestQuery> Write(int count) => Enumerable.Range(0, count).Select(i => Next($"expression {i}"));

    private TestQuery Next(string source)
    {
        var text = _random.Next(100) switch
        {
            < 4 => Wrong(),
            < 8 => Scalar(Depth),
            < 12 => Matrix(0),
            < 13 => Text(),
            _ => Vector(Depth),
        };
        return new(text, source, IsOrdered: ((string[])["sort(", "sort_desc(", "topk", "bottomk"]).Any(f => text.StartsWith(f, StringComparison.Ordinal)));
    }

    private string Vector(int depth) => depth == 0 ? Instant() : _random.Next(20) switch
    {
        < 2 => Instant(),
        < 9 => Call(PromType.Vector, depth),
        < 14 => Aggregate(depth),
        < 17 => Join(depth),
        < 19 => WithScalar(depth),
        _ => _random.Next(2) == 0 ? $"-{Vector(depth - 1)}" : $"({Vector(depth - 1)})",
    };

    private string Instant() => _selectors.Instant() + Shift();

    private string Matrix(int depth) => depth == 0 || _random.Next(5) > 0
        ? $"{_selectors.Instant()}[{Pick(Ranges)}]{Shift()}"
        : $"({Vector(depth - 1)})[{Pick(Subqueries)}]{Shift()}";

    private string Shift() => _random.Next(16) switch
    {
        0 or 1 => $" offset {Pick(Offsets)}",
        2 => $" @ {(RecordedHistory.StartMs / 1000) + _random.Next(2900)}",
        3 => " @ end()",
        _ => "",
    };

    private string Scalar(int depth) => depth == 0 ? Pick(Numbers) : _random.Next(6) switch
    {
        < 2 => Pick(Numbers),
        < 4 => Call(PromType.Scalar, depth),
        4 => $"{Scalar(depth - 1)} {Operator()} ({Scalar(depth - 1)})",
        _ => $"{Scalar(depth - 1)} {Pick(Comparisons)} bool ({Scalar(depth - 1)})",
    };

    private string Text() => Pick(["\"a\"", "'b c'", "`d\\e`", "\"\\u00e9\\n\""]);

    private string Call(PromType returns, int depth)
    {
        var function = Pick([.. Functions.Where(f => f.Returns == returns)]);
        return function.Name switch
        {
            "label_replace" => $"label_replace({Vector(depth - 1)}, {_selectors.Replacement()})",
            "label_join" => $"label_join({Vector(depth - 1)}, \"joined\", \"-\", \"room\", \"code\")",
            "histogram_quantile" => $"histogram_quantile({Pick(Quantiles)}, {Histogram(depth)})",
            "quantile_over_time" => $"quantile_over_time({Pick(Quantiles)}, {Matrix(depth - 1)})",
            "clamp" => $"clamp({Vector(depth - 1)}, {Pick(Numbers)}, {Pick(Numbers)})",
            "round" => $"round({Vector(depth - 1)}{Pick(["", ", 0.1", ", 5", ", 0"])})",
            _ => $"{function.Name}({string.Join(", ", Enumerable.Range(0, ArgumentCount(function)).Select(i => Argument(function, i, depth - 1)))})",
        };
    }

    private string Histogram(int depth) => _random.Next(4) switch
    {
        0 => Vector(depth - 1),
        1 => $"rate({_selectors.Buckets()}[{Pick(Ranges)}])",
        2 => _selectors.Buckets(),
        _ => $"sum by (le) (rate({_selectors.Buckets()}[{Pick(Ranges)}]))",
    };

    private int ArgumentCount(Function function) => function.Required + _random.Next(Math.Min(2, function.Most - function.Required + 1));

    private string Argument(Function function, int index, int depth) => function.Takes[Math.Min(index, function.Takes.Count - 1)] switch
    {
        PromType.Vector => Vector(depth),
        PromType.Matrix => Matrix(depth),
        PromType.Scalar => Scalar(Math.Min(depth, 1)),
        _ => Text(),
    };

    private string Aggregate(int depth)
    {
        var op = Pick(Aggregations);
        var parameter = op switch
        {
            "topk" or "bottomk" => $"{_random.Next(-1, 5)}, ",
            "quantile" => $"{Pick(Quantiles)}, ",
            "count_values" => $"\"{Pick(["value", "le", "room"])}\", ",
            _ => "",
        };
        var grouping = Grouping();

        // The last digits of what is counted would be part of the labels.
        var inner = op != "count_values" ? Vector(depth - 1) : _random.Next(2) == 0 ? Instant() : $"round({Vector(depth - 1)}, 0.5)";
        return _random.Next(2) == 0 ? $"{op}{grouping}({parameter}{inner})" : $"{op}({parameter}{inner}){grouping}";
    }

    private string Grouping() => _random.Next(3) switch { 0 => "", 1 => $" by ({_selectors.LabelNames()}) ", _ => $" without ({_selectors.LabelNames()}) " };

    private string Join(int depth)
    {
        var isSet = _random.Next(3) == 0;
        var isComparison = !isSet && _random.Next(3) == 0;
        var op = isSet ? Pick(SetOperators) : isComparison ? Pick(Comparisons) : Operator();
        var matching = _random.Next(3) switch { 0 => "", 1 => $" on ({_selectors.LabelNames()})", _ => $" ignoring ({_selectors.LabelNames()})" };
        var group = isSet || matching.Length == 0 || _random.Next(3) > 0 ? "" : Pick([" group_left ()", " group_right ()", " group_left (version)"]);
        var left = Vector(depth - 1);

        // Most unrelated vectors have no partners, so every other one meets a part of itself.
        var right = _random.Next(2) == 0 ? left : Vector(depth - 1);
        return $"{left} {op}{(isComparison && _random.Next(3) == 0 ? " bool" : "")}{matching}{group} {right}";
    }

    private string WithScalar(int depth)
    {
        var isComparison = _random.Next(2) == 0;
        var op = $"{(isComparison ? Pick(Comparisons) : Operator())}{(isComparison && _random.Next(3) == 0 ? " bool" : "")}";
        return _random.Next(3) == 0 ? $"({Scalar(1)}) {op} {Vector(depth - 1)}" : $"{Vector(depth - 1)} {op} ({Scalar(1)})";
    }

    /// <summary>What no server takes, and what looks like it.</summary>
    private string Wrong() => _random.Next(14) switch
    {
        0 => $"rate({Vector(1)})",
        1 => $"sum({Matrix(0)})",
        2 => $"{Vector(1)} and {Scalar(0)}",
        3 => $"unknown_function({Vector(1)})",
        4 => $"({Vector(1)}",
        5 => $"{Vector(1)} +",
        6 => $"{_selectors.Name()}{{room=~\"{Pick(["(", "[a", "a{3,1}", "*", "(?=a)", "\\\\1"])}\"}}",
        7 => $"{_selectors.Name()}{{{Pick(["room=\"a\" floor=\"b\"", "room", "\"room\"=\"a\"", "room==\"a\"", "room=~\"\""])}}}",
        8 => $"1 {Pick(Comparisons)} 2",
        9 => $"{_selectors.Name()}[{Pick(["0s", "5", "1mm", "", "5m30"])}]",
        10 => $"topk({Vector(0)}, {Vector(0)})",
        11 => $"label_replace({Vector(0)}, \"{Pick(["a-b", "", "1"])}\", \"$1\", \"room\", \"(.*)\")",
        12 => $"{Vector(0)} on (room) {Pick(Arithmetic)} {Vector(0)}",
        _ => Pick(["", "{}", "{__name__=~\".*\"}", "sum(", "5m", "1h30", "a b", "by (x)", "sum by (room) temperature", "-\"a\"", "time(1)", "vector()", "abs()", "1 +bool 2", "\"a\" + \"b\"", "temperature offset", "temperature @ x"]),
    };

    private string Operator() => _random.Next(25) == 0 ? Rare : Pick(Arithmetic);

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];
}
