namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>Checks after parsing that every operand has the type that its place asks for.</summary>
internal sealed class TypeChecker(string query)
{
    /// <summary>The type as the documentation names it.</summary>
    public static string Name(PromType type) => type switch
    {
        PromType.Scalar => "scalar",
        PromType.String => "string",
        PromType.Vector => "instant vector",
        _ => "range vector",
    };

    /// <exception cref="PromQlParseException">A type does not fit, or a function got too few or too many arguments.</exception>
    public void Check(Expr expr)
    {
        switch (expr)
        {
            case ParenExpr paren:
                Check(paren.Inner);
                break;
            case NegateExpr negate:
                Check(negate.Inner);
                break;
            case SubqueryExpr subquery:
                Check(subquery.Inner);
                break;
            case AggregateExpr aggregate:
                CheckAggregate(aggregate);
                break;
            case CallExpr call:
                CheckCall(call);
                break;
            case BinaryExpr binary:
                CheckBinary(binary);
                break;
            default:
                break;
        }
    }

    private void CheckAggregate(AggregateExpr expr)
    {
        Expect(expr.Inner, PromType.Vector, "aggregation expression");
        if (expr.Parameter is not null)
        {
            Expect(expr.Parameter, expr.Operator == "count_values" ? PromType.String : PromType.Scalar, "aggregation parameter");
        }
    }

    private void CheckCall(CallExpr expr)
    {
        var function = expr.Function;
        var (least, most, given) = (function.Required, function.Most, expr.Arguments.Count);
        if (given < least || given > most)
        {
            var bound = least == most ? "" : given < least ? "at least " : "at most ";
            throw Error(expr.Position, $"expected {bound}{(given < least ? least : most)} argument(s) in call to \"{function.Name}\", got {given}");
        }

        for (var i = 0; i < given; i++)
        {
            Expect(expr.Arguments[i], function.Takes[Math.Min(i, function.Takes.Count - 1)], $"call to function \"{function.Name}\"");
        }
    }

    private void CheckBinary(BinaryExpr expr)
    {
        Check(expr.Left);
        Check(expr.Right);
        if (expr.Left.Type is not (PromType.Scalar or PromType.Vector) || expr.Right.Type is not (PromType.Scalar or PromType.Vector))
        {
            var wrong = expr.Left.Type is PromType.Scalar or PromType.Vector ? expr.Right : expr.Left;
            throw Error(wrong.Position, "binary expression must contain only scalar and instant vector types");
        }

        if (expr.Type == PromType.Scalar && Operators.IsComparison(expr.Operator) && !expr.ReturnBool)
        {
            throw Error(expr.OperatorPosition, "comparisons between scalars must use BOOL modifier");
        }

        if (Operators.IsSet(expr.Operator) && (expr.Left.Type == PromType.Scalar || expr.Right.Type == PromType.Scalar))
        {
            throw Error(expr.Position, $"set operator \"{expr.Operator}\" not allowed in binary scalar expression");
        }
    }

    private void Expect(Expr expr, PromType wanted, string context)
    {
        Check(expr);
        if (expr.Type != wanted)
        {
            throw Error(expr.Position, $"expected type {Name(wanted)} in {context}, got {Name(expr.Type)}");
        }
    }

    private PromQlParseException Error(int position, string problem) => new(query, position, problem);
}
