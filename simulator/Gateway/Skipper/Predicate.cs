using System.Globalization;

namespace CanaryFunctions.Simulator.Gateway.Skipper;

/// <summary>One term of <c>zalando.org/skipper-predicate</c>, such as <c>Header("x-user", "insider")</c>.</summary>
/// <param name="Arguments">Unquoted; numbers as written.</param>
internal sealed record Predicate(string Name, IReadOnlyList<string> Arguments)
{
    /// <summary>Reads terms joined by <c>&amp;&amp;</c>.</summary>
    /// <exception cref="FormatException">The text is not such a list; the message says where.</exception>
    public static IReadOnlyList<Predicate> ParseAll(string text)
    {
        var reader = new PredicateReader(text);
        List<Predicate> terms = [];
        if (reader.AtEnd)
        {
            return terms;
        }

        do
        {
            terms.Add(reader.ReadTerm());
        }
        while (reader.TryTake("&&"));

        return reader.AtEnd ? terms : throw reader.Unexpected("'&&' or the end");
    }

    /// <summary>The argument of <c>Weight(n)</c>.</summary>
    public int Priority => int.TryParse(Arguments is [var text, ..] ? text : null, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : 0;
}

/// <summary>Reads the terms' text from left to right.</summary>
internal sealed class PredicateReader(string text)
{
    private int _position;

    public bool AtEnd
    {
        get
        {
            SkipSpace();
            return _position == text.Length;
        }
    }

    public bool TryTake(string token)
    {
        SkipSpace();
        if (string.CompareOrdinal(text, _position, token, 0, token.Length) != 0)
        {
            return false;
        }

        _position += token.Length;
        return true;
    }

    public Predicate ReadTerm()
    {
        SkipSpace();
        var start = _position;
        while (_position < text.Length && (char.IsAsciiLetterOrDigit(text[_position]) || text[_position] == '_'))
        {
            _position++;
        }

        if (_position == start)
        {
            throw Unexpected("a predicate's name");
        }

        var name = text[start.._position];
        Expect("(");
        List<string> arguments = [];
        while (!TryTake(")"))
        {
            if (arguments.Count > 0 && !TryTake(","))
            {
                throw Unexpected("',' or ')'");
            }

            arguments.Add(ReadArgument());
        }

        return new(name, arguments);
    }

    public FormatException Unexpected(string wanted)
        => new($"'{text}': {(_position < text.Length ? $"'{text[_position]}'" : "the end")} at position {_position} is not {wanted}.");

    private string ReadArgument()
    {
        SkipSpace();
        var start = _position;
        if (start < text.Length && text[start] is '"' or '`' or '/')
        {
            return ReadQuoted(text[start]);
        }

        while (_position < text.Length && (char.IsAsciiDigit(text[_position]) || text[_position] is '.' or '-'))
        {
            _position++;
        }

        return _position > start ? text[start.._position] : throw Unexpected("a text, a number or a regular expression");
    }

    private string ReadQuoted(char quote)
    {
        var value = new System.Text.StringBuilder();
        for (_position++; _position < text.Length; _position++)
        {
            if (text[_position] == quote)
            {
                _position++;
                return value.ToString();
            }

            // In a regular expression a backslash belongs to the expression, but before the delimiter.
            if (text[_position] == '\\' && quote != '`' && _position + 1 < text.Length && (quote == '"' || text[_position + 1] == '/'))
            {
                _position++;
            }

            value.Append(text[_position]);
        }

        throw Unexpected($"the closing {quote}");
    }

    private void Expect(string token)
    {
        if (!TryTake(token))
        {
            throw Unexpected($"'{token}'");
        }
    }

    private void SkipSpace()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
        {
            _position++;
        }
    }
}
