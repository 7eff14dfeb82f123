using CanaryFunctions.Simulator.Metrics.PromQl;

namespace CanaryFunctions.Simulator.Metrics;

internal enum MatchOperator
{
    Equal,
    NotEqual,
    Regex,
    NotRegex,
}

/// <summary>One condition on a label. A missing label has the value "". Regular expressions match the whole value.</summary>
internal sealed class LabelMatcher
{
    private readonly Re2? _regex;

    /// <exception cref="Re2SyntaxException">The value is not a regular expression that RE2 accepts.</exception>
    public LabelMatcher(string name, MatchOperator op, string value)
    {
        Name = name;
        Operator = op;
        Value = value;
        _regex = op is MatchOperator.Regex or MatchOperator.NotRegex ? Re2.Compile(value) : null;
    }

    public string Name { get; }

    public MatchOperator Operator { get; }

    public string Value { get; }

    public bool Matches(string value) => Operator switch
    {
        MatchOperator.Equal => value == Value,
        MatchOperator.NotEqual => value != Value,
        MatchOperator.Regex => _regex!.IsMatch(value),
        _ => !_regex!.IsMatch(value),
    };
}
