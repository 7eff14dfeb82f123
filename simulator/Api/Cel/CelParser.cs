using Term = System.Func<CanaryFunctions.Simulator.Api.Cel.CelScope, System.Text.Json.Nodes.JsonNode?>;

namespace CanaryFunctions.Simulator.Api.Cel;

/// <summary>A recursive-descent parser that makes closures.</summary>
internal sealed class CelParser
{
    private readonly CelCursor _cursor;
    private readonly HashSet<string> _known;
    private readonly CelPrimaries _primaries;

    public CelParser(string text, IEnumerable<string> variables)
    {
        _cursor = new CelCursor(text);
        _known = new HashSet<string>(variables, StringComparer.Ordinal);
        _primaries = new CelPrimaries(_cursor, _known, Conditional);
    }

    public Term ParseAll()
    {
        var result = Conditional();
        return _cursor.Current.Kind == CelTokenKind.End ? result : throw _cursor.Unexpected();
    }

    private Term Conditional()
    {
        var condition = Or();
        if (!_cursor.Accept("?"))
        {
            return condition;
        }

        var yes = Conditional();
        _cursor.Expect(":");
        var no = Conditional();
        return s => CelScope.AsBool(condition(s)) ? yes(s) : no(s);
    }

    private Term Or()
    {
        var left = And();
        while (_cursor.Accept("||"))
        {
            left = CelOperators.Either(left, And(), true);
        }

        return left;
    }

    private Term And()
    {
        var left = Relation();
        while (_cursor.Accept("&&"))
        {
            left = CelOperators.Either(left, Relation(), false);
        }

        return left;
    }

    private Term Relation()
    {
        var left = Sum();
        if (_cursor.Current is { Kind: CelTokenKind.Name, Value: "in" })
        {
            _cursor.Take();
            var list = Sum();
            return s => CelScope.Contains(list(s), left(s));
        }

        foreach (var op in (string[])["==", "!=", "<=", ">=", "<", ">"])
        {
            if (_cursor.Accept(op))
            {
                return CelOperators.Comparison(op, left, Sum());
            }
        }

        return left;
    }

    private Term Sum()
    {
        var left = Unary();
        while (_cursor.Current.Value is "+" or "-" && _cursor.Current.Kind == CelTokenKind.Symbol)
        {
            var plus = _cursor.Take().Value == "+";
            left = CelOperators.Sum(left, Unary(), plus);
        }

        return left;
    }

    private Term Unary()
    {
        if (_cursor.Accept("!"))
        {
            var inner = Unary();
            return s => !CelScope.AsBool(inner(s));
        }

        if (_cursor.Accept("-"))
        {
            var inner = Unary();
            return s => -CelScope.AsNumber(inner(s));
        }

        return Postfix(_primaries.Primary());
    }

    private Term Postfix(Term value)
    {
        while (true)
        {
            if (_cursor.Accept("."))
            {
                var name = _cursor.Name();
                value = _cursor.Accept("(") ? Method(value, name) : CelOperators.Member(value, name);
            }
            else if (_cursor.Accept("["))
            {
                var (holder, index) = (value, Conditional());
                _cursor.Expect("]");
                value = s => CelScope.Item(holder(s), index(s));
            }
            else
            {
                return value;
            }
        }
    }

    private Term Method(Term target, string name)
    {
        if (name is "exists" or "all")
        {
            return Macro(target, name == "exists");
        }

        if (name == "size")
        {
            _cursor.Expect(")");
            return s => CelScope.Size(target(s));
        }

        var argument = Conditional();
        _cursor.Expect(")");
        return CelOperators.Method(target, name, argument);
    }

    private Term Macro(Term target, bool any)
    {
        var variable = _cursor.Name();
        _cursor.Expect(",");
        var added = _known.Add(variable);
        var condition = Conditional();
        _cursor.Expect(")");
        if (added)
        {
            _known.Remove(variable);
        }

        return s => any
            ? CelScope.Elements(target(s)).Any(e => CelScope.AsBool(condition(s.With(variable, e))))
            : CelScope.Elements(target(s)).All(e => CelScope.AsBool(condition(s.With(variable, e))));
    }
}
