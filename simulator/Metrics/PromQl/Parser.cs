namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>Parses a query by precedence climbing. Types are checked afterwards, by <see cref="TypeChecker"/>.</summary>
internal sealed class Parser
{
    // Far beyond any query that people write; what is parsed and evaluated by recursion must not exhaust the stack.
    private const int MaxDepth = 200;
    private const int MaxChain = 1000;

    private readonly TokenReader _tokens;
    private readonly SelectorParser _selectors;
    private readonly ModifierParser _modifiers;
    private int _depth;

    private Parser(string query)
    {
        _tokens = new TokenReader(query);
        _selectors = new SelectorParser(_tokens);
        _modifiers = new ModifierParser(_tokens);
    }

    /// <exception cref="PromQlParseException">The text is not PromQL, or its types do not fit.</exception>
    public static Expr Parse(string query)
    {
        var parser = new Parser(query);
        if (parser._tokens.Next.Kind == TokenKind.End)
        {
            throw new PromQlParseException(query, 0, "no expression found in input");
        }

        var expr = parser.Expression(1);
        if (parser._tokens.Next.Kind != TokenKind.End)
        {
            throw parser._tokens.Unexpected();
        }

        new TypeChecker(query).Check(expr);
        return expr;
    }

    /// <summary>Parses one selector, as the series endpoints take it.</summary>
    /// <exception cref="PromQlParseException">The text is anything else.</exception>
    public static VectorSelector ParseSelector(string text) => Parse(text) is VectorSelector { Shift: var shift } selector && shift == TimeShift.None
        ? selector
        : throw new PromQlParseException(text, 0, "expected a metric selector");

    private Expr Expression(int minimum)
    {
        _depth++;
        var left = Unary();
        for (var operators = 0; ; operators++)
        {
            var token = _tokens.Next;
            var precedence = token.Kind is TokenKind.Operator or TokenKind.SetOperator ? Operators.Precedence(token.Word) : 0;
            if (precedence < minimum)
            {
                _depth--;
                return left;
            }

            if (operators == MaxChain)
            {
                throw _tokens.Error(token.Position, $"more than {MaxChain} operators in a row");
            }

            _tokens.Take();
            var returnBool = _tokens.TryTake(TokenKind.Keyword, "bool");
            var matching = _modifiers.Matching();
            var right = Expression(Operators.IsRightAssociative(token.Word) ? precedence : precedence + 1);
            left = new BinaryExpr(token.Word, left, right, returnBool, matching ?? VectorMatching.Default, token.Position, left.Position);
            CheckModifiers((BinaryExpr)left, matching);
        }
    }

    private Expr Unary()
    {
        var token = _tokens.Next;
        if (_depth > MaxDepth)
        {
            throw _tokens.Error(token.Position, $"expression nests more than {MaxDepth} levels deep");
        }

        if (token.Kind != TokenKind.Operator || token.Text is not ("+" or "-"))
        {
            return _selectors.Postfix(Primary());
        }

        _tokens.Take();
        var operand = Expression(Operators.UnaryPrecedence + 1);
        return (token.Text, operand) switch
        {
            (_, { Type: PromType.Matrix or PromType.String }) => throw _tokens.Error(
                token.Position,
                $"unary expression only allowed on expressions of type scalar or instant vector, got \"{TypeChecker.Name(operand.Type)}\""),
            ("-", NumberLiteral number) => new NumberLiteral(-number.Value, token.Position),
            ("-", _) => new NegateExpr(operand, token.Position),
            _ => operand,
        };
    }

    private Expr Primary()
    {
        var token = _tokens.Next;
        switch (token.Kind)
        {
            case TokenKind.Number:
                _tokens.Take();
                return new NumberLiteral(NumberScanner.Value(token.Text), token.Position);
            case TokenKind.String:
                _tokens.Take();
                return new StringLiteral(StringScanner.Value(_tokens.Query, token), token.Position);
            case TokenKind.Punctuation when token.Text == "(":
                _tokens.Take();
                var inner = Expression(1);
                _tokens.Expect(")");
                return new ParenExpr(inner, token.Position);
            case TokenKind.Punctuation when token.Text == "{":
                return _selectors.Selector("", token.Position);
            case TokenKind.Aggregator when StartsAggregation(_tokens.Second):
                return Aggregation();
            case TokenKind.Identifier when _tokens.Second.Is(TokenKind.Punctuation, "("):
                return Call();
            case TokenKind.MetricIdentifier:
            case var _ when token.IsWord && !IsModifier(token):
                _tokens.Take();
                return _selectors.Selector(token.Text, token.Position);
            default:
                throw _tokens.Unexpected();
        }
    }

    private static bool StartsAggregation(Token token) =>
        token.Is(TokenKind.Punctuation, "(") || token.Is(TokenKind.Keyword, "by") || token.Is(TokenKind.Keyword, "without")
        || token.Kind is TokenKind.Number or TokenKind.String or TokenKind.Identifier;

    /// <summary>Keywords that Prometheus' grammar does not take for a metric name.</summary>
    private static bool IsModifier(Token token) =>
        token is { Kind: TokenKind.Keyword, Word: "bool" or "on" or "ignoring" or "group_left" or "group_right" };

    private CallExpr Call()
    {
        var name = _tokens.Take();
        var function = FunctionTable.Find(name.Text) ?? throw _tokens.Error(name.Position, $"unknown function with name \"{name.Text}\"");
        return new CallExpr(function, Arguments(), name.Position);
    }

    private List<Expr> Arguments()
    {
        _tokens.Expect("(");
        var arguments = new List<Expr>();
        while (!_tokens.NextIs(TokenKind.Punctuation, ")"))
        {
            arguments.Add(Expression(1));
            var comma = _tokens.Next;
            if (!_tokens.TryTake(TokenKind.Punctuation, ","))
            {
                break;
            }

            if (_tokens.NextIs(TokenKind.Punctuation, ")"))
            {
                throw _tokens.Error(comma.Position, "trailing commas not allowed in function call args");
            }
        }

        _tokens.Expect(")");
        return arguments;
    }

    private AggregateExpr Aggregation()
    {
        var op = _tokens.Take();
        var grouping = _modifiers.Grouping();
        if (!_tokens.NextIs(TokenKind.Punctuation, "("))
        {
            throw _tokens.Unexpected("aggregation");
        }

        var arguments = Arguments();
        var (labels, without) = grouping ?? _modifiers.Grouping() ?? ([], false);
        if (arguments.Count == 0)
        {
            throw _tokens.Error(op.Position, "no arguments for aggregate expression provided");
        }

        var wanted = op.Word is "topk" or "bottomk" or "quantile" or "count_values" ? 2 : 1;
        return arguments.Count == wanted
            ? new AggregateExpr(op.Word, arguments[^1], wanted == 2 ? arguments[0] : null, labels, without, op.Position)
            : throw _tokens.Error(op.Position, $"wrong number of arguments for aggregate expression provided, expected {wanted}, got {arguments.Count}");
    }

    private void CheckModifiers(BinaryExpr expr, VectorMatching? matching)
    {
        if (expr.ReturnBool && !Operators.IsComparison(expr.Operator))
        {
            throw _tokens.Error(expr.OperatorPosition, "bool modifier can only be used on comparison operators");
        }

        // Without labels they say nothing, and Prometheus takes them between scalars as well.
        if (matching is null || (matching.Labels.Count == 0 && (expr.Left.Type != PromType.Vector || expr.Right.Type != PromType.Vector)))
        {
            return;
        }

        if (matching.On && matching.Labels.FirstOrDefault(matching.Include.Contains) is { } both)
        {
            throw _tokens.Error(expr.OperatorPosition, $"label \"{both}\" must not occur in ON and GROUP clause at once");
        }

        if (Operators.IsSet(expr.Operator) && matching.Cardinality != Cardinality.OneToOne)
        {
            throw _tokens.Error(expr.Position, $"no grouping allowed for \"{expr.Operator}\" operation");
        }

        if (expr.Left.Type != PromType.Vector || expr.Right.Type != PromType.Vector)
        {
            throw _tokens.Error(expr.Position, "vector matching only allowed between instant vectors");
        }
    }
}
