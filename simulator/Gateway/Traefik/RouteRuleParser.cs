namespace CanaryFunctions.Simulator.Gateway.Traefik;

/// <summary>Reads a rule from left to right: <c>||</c> binds weakest, then <c>&amp;&amp;</c>, then <c>!</c>; parentheses group.</summary>
internal sealed class RouteRuleParser(string text)
{
    private const int MaxDepth = 50;

    private int _position;
    private int _depth;

    /// <exception cref="FormatException">See <see cref="RouteRule.Parse"/>.</exception>
    public RouteRule Parse()
    {
        var rule = ReadOr();
        SkipSpace();
        return _position == text.Length ? rule : throw Unexpected("'&&', '||' or the end");
    }

    private RouteRule ReadOr()
    {
        var rule = ReadAnd();
        while (TryTake("||"))
        {
            rule = rule.Or(ReadAnd());
        }

        return rule;
    }

    private RouteRule ReadAnd()
    {
        var rule = ReadTerm();
        while (TryTake("&&"))
        {
            rule = rule.And(ReadTerm());
        }

        return rule;
    }

    private RouteRule ReadTerm()
    {
        if (++_depth > MaxDepth)
        {
            throw new FormatException($"the rule '{text}' is nested deeper than {MaxDepth} levels.");
        }

        try
        {
            if (TryTake("!"))
            {
                return ReadTerm().Not();
            }

            if (!TryTake("("))
            {
                return ReadMatcher();
            }

            var inner = ReadOr();
            Take(")");
            return inner;
        }
        finally
        {
            _depth--;
        }
    }

    private RouteRule ReadMatcher()
    {
        SkipSpace();
        var start = _position;
        while (_position < text.Length && char.IsAsciiLetter(text[_position]))
        {
            _position++;
        }

        if (_position == start)
        {
            throw Unexpected("a matcher such as Host(`app.example.com`)");
        }

        var name = text[start.._position];
        List<string> arguments = [];
        Take("(");
        do
        {
            arguments.Add(ReadString());
        }
        while (TryTake(","));

        Take(")");
        return RouteRule.Of(name, arguments) ?? throw new FormatException(
            $"{name} with {arguments.Count} arguments is not known here; use Host, Path, PathPrefix, Method, or Header with a name and a value.");
    }

    private string ReadString()
    {
        SkipSpace();
        if (_position == text.Length || text[_position] is not ('`' or '"'))
        {
            throw Unexpected("a text in ` or \"");
        }

        var end = text.IndexOf(text[_position], _position + 1);
        if (end < 0)
        {
            throw Unexpected("a closing quote");
        }

        var value = text[(_position + 1)..end];
        _position = end + 1;
        return value;
    }

    private void Take(string token)
    {
        if (!TryTake(token))
        {
            throw Unexpected($"'{token}'");
        }
    }

    private bool TryTake(string token)
    {
        SkipSpace();
        if (string.CompareOrdinal(text, _position, token, 0, token.Length) != 0)
        {
            return false;
        }

        _position += token.Length;
        return true;
    }

    private void SkipSpace()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
        {
            _position++;
        }
    }

    private FormatException Unexpected(string wanted)
        => new($"the rule '{text}' should have {wanted} at character {_position + 1}{(_position < text.Length ? $", not '{text[_position]}'" : "")}.");
}
