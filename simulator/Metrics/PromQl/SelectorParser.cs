namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>Parses selectors and what may follow an expression: a range, a subquery, <c>offset</c>, <c>@</c>.</summary>
internal sealed class SelectorParser(TokenReader tokens)
{
    /// <summary>Matchers in braces, if there are any; <paramref name="name"/> is the metric name in front of them, or "".</summary>
    public VectorSelector Selector(string name, int position)
    {
        var matchers = tokens.TryTake(TokenKind.Punctuation, "{") ? Matchers() : [];
        if (name.Length > 0)
        {
            if (matchers.Find(m => m.Name == Labels.MetricName) is { } second)
            {
                throw tokens.Error(position, $"metric name must not be set twice: \"{name}\" or \"{second.Value}\"");
            }

            matchers.Add(new LabelMatcher(Labels.MetricName, MatchOperator.Equal, name));
        }

        return matchers.Exists(m => !m.Matches(""))
            ? new VectorSelector(name, matchers, TimeShift.None, position)
            : throw tokens.Error(position, "vector selector must contain at least one non-empty matcher");
    }

    public Expr Postfix(Expr expr)
    {
        while (true)
        {
            if (tokens.NextIs(TokenKind.Punctuation, "["))
            {
                expr = Range(expr, tokens.Take().Position);
            }
            else if (tokens.NextIs(TokenKind.Keyword, "offset"))
            {
                tokens.Take();
                expr = Shift(expr, "offset", WithOffset);
            }
            else if (tokens.NextIs(TokenKind.Operator, "@"))
            {
                tokens.Take();
                expr = Shift(expr, "@", WithAt);
            }
            else
            {
                return expr;
            }
        }
    }

    private List<LabelMatcher> Matchers()
    {
        var matchers = new List<LabelMatcher>();
        while (!tokens.TryTake(TokenKind.Punctuation, "}"))
        {
            matchers.Add(Matcher());
            if (!tokens.NextIs(TokenKind.Punctuation, "}"))
            {
                tokens.Expect(",", "label matching", "\",\" or \"}\"");
            }
        }

        return matchers;
    }

    private LabelMatcher Matcher()
    {
        if (tokens.Next.Kind != TokenKind.Identifier)
        {
            throw tokens.Unexpected("label matching", "identifier or \"}\"");
        }

        var name = tokens.Take();
        if (tokens.Next is not { Kind: TokenKind.Operator, Text: "=" or "!=" or "=~" or "!~" })
        {
            throw tokens.Unexpected("label matching", "label matching operator");
        }

        var op = tokens.Take().Text switch
        {
            "=" => MatchOperator.Equal,
            "!=" => MatchOperator.NotEqual,
            "=~" => MatchOperator.Regex,
            _ => MatchOperator.NotRegex,
        };
        if (tokens.Next.Kind != TokenKind.String)
        {
            throw tokens.Unexpected("label matching", "string");
        }

        var value = StringScanner.Value(tokens.Query, tokens.Take());
        try
        {
            return new LabelMatcher(name.Text, op, value);
        }
        catch (Re2SyntaxException e)
        {
            throw tokens.Error(name.Position, e.Message);
        }
    }

    private Expr Range(Expr expr, int bracket)
    {
        var range = Duration("subquery selector", "duration", allowZero: false);
        if (tokens.TryTake(TokenKind.Punctuation, ":"))
        {
            long? step = tokens.NextIs(TokenKind.Punctuation, "]") ? null : Duration("subquery selector", "duration or \"]\"", allowZero: false);
            tokens.Expect("]", "subquery selector", "\"]\"");
            return expr.Type == PromType.Vector
                ? new SubqueryExpr(expr, range, step, TimeShift.None, expr.Position)
                : throw tokens.Error(expr.Position, $"subquery is only allowed on instant vector, got {TypeChecker.Name(expr.Type)} instead");
        }

        tokens.Expect("]", "subquery or range", "\":\" or \"]\"");
        return expr switch
        {
            VectorSelector { Shift: var shift } when shift != TimeShift.None =>
                throw tokens.Error(bracket, $"no {(shift.OffsetMs != 0 ? "offset" : "@")} modifiers allowed before range"),
            VectorSelector selector => new MatrixSelector(selector, range, expr.Position),
            _ => throw tokens.Error(bracket, "ranges only allowed for vector selectors"),
        };
    }

    private Expr Shift(Expr expr, string modifier, Func<TimeShift, int, TimeShift> change) => expr switch
    {
        VectorSelector selector => selector with { Shift = change(selector.Shift, expr.Position) },
        MatrixSelector matrix => matrix with { Vector = matrix.Vector with { Shift = change(matrix.Vector.Shift, expr.Position) } },
        SubqueryExpr subquery => subquery with { Shift = change(subquery.Shift, expr.Position) },
        _ => throw tokens.Error(
            expr.Position, $"{modifier} modifier must be preceded by an instant vector selector or range vector selector or a subquery"),
    };

    private TimeShift WithOffset(TimeShift shift, int position)
    {
        if (shift.OffsetMs != 0)
        {
            throw tokens.Error(position, "offset may not be set multiple times");
        }

        var sign = tokens.TryTake(TokenKind.Operator, "-") ? -1 : 1;
        return shift with { OffsetMs = sign * Duration("offset", "duration", allowZero: true) };
    }

    private TimeShift WithAt(TimeShift shift, int position)
    {
        if (shift.AtMs is not null || shift.AtEdge is not null)
        {
            throw tokens.Error(position, "@ <timestamp> may not be set multiple times");
        }

        var negative = tokens.TryTake(TokenKind.Operator, "-");
        var token = tokens.Next;
        if (token.Kind == TokenKind.Number)
        {
            tokens.Take();
            return shift with { AtMs = (long)Math.Round((negative ? -1 : 1) * NumberScanner.Value(token.Text) * 1000) };
        }

        if (negative || !(token.Is(TokenKind.Keyword, "start") || token.Is(TokenKind.Keyword, "end")))
        {
            throw tokens.Unexpected("@", "timestamp");
        }

        tokens.Take();
        tokens.Expect("(", "@", "timestamp");
        tokens.Expect(")", "@", "timestamp");
        return shift with { AtEdge = token.Word };
    }

    private long Duration(string context, string expected, bool allowZero)
    {
        if (tokens.Next.Kind != TokenKind.Duration && !(allowZero && tokens.NextIs(TokenKind.Number, "0")))
        {
            throw tokens.Unexpected(context, expected);
        }

        var token = tokens.Take();
        var duration = NumberScanner.DurationMs(token.Text) ?? throw tokens.Error(token.Position, $"not a valid duration string: \"{token.Text}\"");
        return duration > 0 || allowZero ? duration : throw tokens.Error(token.Position, "duration must be greater than 0");
    }
}
