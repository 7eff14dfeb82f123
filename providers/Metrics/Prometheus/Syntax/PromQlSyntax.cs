namespace CanaryFunctions.Providers.Metrics.Prometheus.Syntax;

/// <summary>
/// Whether a text is PromQL: brackets, operators, selectors, windows. Knows nothing of functions, types and series, so that what a newer server understands
/// is not called wrong.
/// </summary>
internal sealed class PromQlSyntax
{
    // Every level costs stack; far more than any query needs.
    private const int MaxDepth = 100;

    private static readonly string[] Operators = ["+", "-", "*", "/", "%", "^", "==", "!=", ">=", "<=", ">", "<"];
    private static readonly string[] WordOperators = ["and", "or", "unless", "atan2"];
    private static readonly string[] Aggregations =
    [
        "avg", "bottomk", "count", "count_values", "group", "limitk", "limit_ratio", "max", "min", "quantile", "stddev", "stdvar", "sum", "topk",
    ];

    private readonly PromQlLexer _lexer;
    private readonly PromQlLists _lists;
    private readonly string _query;
    private int _depth;

    public PromQlSyntax(string query)
    {
        (_query, _lexer) = (query, new(query));
        _lists = new(_lexer);
    }

    /// <exception cref="PromQlException">It is not.</exception>
    public void Check()
    {
        Expression();
        if (_lexer.Peek.Kind != PromQlTokenKind.End)
        {
            throw _lexer.Unexpected("", "an operator or the end of the query");
        }
    }

    private void Expression()
    {
        if (++_depth > MaxDepth)
        {
            throw PromQlException.At(_query, _lexer.Peek.Position, $"nested more than {MaxDepth} levels deep");
        }

        Operand();
        while (IsOperator(_lexer.Peek))
        {
            _lexer.Take();
            Matching();
            Operand();
        }

        _depth--;
    }

    private static bool IsOperator(PromQlToken token)
        => token.Kind switch
        {
            PromQlTokenKind.Sign => Operators.Contains(token.Text),
            PromQlTokenKind.Word => WordOperators.Any(token.IsWord),
            _ => false,
        };

    // bool, on (...), group_left (...) behind an operator.
    private void Matching()
    {
        if (_lexer.Peek.IsWord("bool"))
        {
            _lexer.Take();
        }

        if (!_lexer.Peek.IsWord("on") && !_lexer.Peek.IsWord("ignoring"))
        {
            return;
        }

        _lexer.Take();
        _lists.Grouping();
        if (_lexer.Peek.IsWord("group_left") || _lexer.Peek.IsWord("group_right"))
        {
            _lexer.Take();
            if (_lexer.Peek.Is("("))
            {
                _lists.Grouping();
            }
        }
    }

    private void Operand()
    {
        while (_lexer.Peek.Is("+") || _lexer.Peek.Is("-"))
        {
            _lexer.Take();
        }

        Primary();
        _lists.Window();
        Modifiers();
    }

    private void Primary()
    {
        var token = _lexer.Peek;
        if (token.Kind is PromQlTokenKind.Number or PromQlTokenKind.Duration or PromQlTokenKind.Text)
        {
            _lexer.Take();
        }
        else if (_lexer.TryTake("("))
        {
            Expression();
            _lexer.Expect(")", " in parentheses");
        }
        else if (token.Is("{"))
        {
            _lists.Matchers();
        }
        else if (token.Kind == PromQlTokenKind.Word)
        {
            _lexer.Take();
            Named(token);
        }
        else
        {
            throw _lexer.Unexpected("", "a metric, a number, a function or \"(\"");
        }
    }

    // An aggregation, a call, or a metric.
    private void Named(PromQlToken name)
    {
        var isGrouped = Aggregations.Any(name.IsWord) && (_lexer.Peek.IsWord("by") || _lexer.Peek.IsWord("without"));
        if (isGrouped)
        {
            _lexer.Take();
            _lists.Grouping();
        }

        if (_lexer.Peek.Is("(") || isGrouped)
        {
            Arguments(name.Text);
            if (!isGrouped && (_lexer.Peek.IsWord("by") || _lexer.Peek.IsWord("without")))
            {
                _lexer.Take();
                _lists.Grouping();
            }
        }
        else if (_lexer.Peek.Is("{"))
        {
            _lists.Matchers();
        }
    }

    private void Arguments(string name)
    {
        _lexer.Expect("(", $" behind \"{name}\"");
        if (_lexer.TryTake(")"))
        {
            return;
        }

        do
        {
            Expression();
        }
        while (_lexer.TryTake(","));
        _lexer.Expect(")", $" in the arguments of \"{name}\"");
    }

    private void Modifiers()
    {
        while (_lexer.Peek.IsWord("offset") || _lexer.Peek.Is("@"))
        {
            var isOffset = !_lexer.Take().Is("@");
            _lexer.TryTake("-");
            if (isOffset)
            {
                _lists.Duration();
            }
            else
            {
                Primary();
            }
        }
    }
}
