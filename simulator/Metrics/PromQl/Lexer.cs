using System.Collections.Frozen;

namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>Splits a query into tokens. What a character means depends on whether it stands inside braces or brackets.</summary>
internal sealed class Lexer(string query)
{
    private static readonly FrozenSet<string> Aggregators = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "sum", "avg", "count", "min", "max", "group", "stddev", "stdvar", "topk", "bottomk", "count_values", "quantile");

    private static readonly FrozenSet<string> Keywords = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "offset", "by", "without", "on", "ignoring", "group_left", "group_right", "bool", "start", "end");

    private static readonly FrozenSet<string> SetOperators = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "and", "or", "unless", "atan2");

    private static readonly string[] Symbols = ["==", "!=", ">=", "<=", "=~", "!~", "+", "-", "*", "/", "%", "^", ">", "<", "@"];

    private readonly List<Token> _tokens = [];
    private readonly Stack<char> _open = new();
    private int _at;

    /// <summary>Why the tokens end with one of kind <see cref="TokenKind.Error"/>; null where they do not.</summary>
    public PromQlParseException? Failure { get; private set; }

    /// <summary>
    /// All tokens, the last of kind <see cref="TokenKind.End"/>, or <see cref="TokenKind.Error"/> where a character, string or
    /// number is malformed. It is the parser that throws, so that of two mistakes the first one is reported.
    /// </summary>
    public List<Token> Read()
    {
        try
        {
            ReadAll();
        }
        catch (PromQlParseException e)
        {
            Failure = e;
            _tokens.Add(new Token(TokenKind.Error, "", _at));
        }

        return _tokens;
    }

    private void ReadAll()
    {
        while (SkipBlanksAndComments())
        {
            ReadOne(query[_at]);
        }

        if (_open.TryPeek(out var open))
        {
            throw Error(query.Length, open switch
            {
                '{' => "unexpected end of input inside braces",
                '[' => "unclosed left bracket",
                _ => "unclosed left parenthesis",
            });
        }

        _tokens.Add(new Token(TokenKind.End, "", query.Length));
    }

    private void ReadOne(char c)
    {
        if (c is '"' or '\'' or '`')
        {
            _tokens.Add(StringScanner.Scan(query, ref _at));
        }
        else if (Inside('{'))
        {
            ReadInBraces(c);
        }
        else if (char.IsAsciiDigit(c) || (c == '.' && _at + 1 < query.Length && char.IsAsciiDigit(query[_at + 1])))
        {
            _tokens.Add(NumberScanner.Scan(query, ref _at));
        }
        else if (c == ':' && Inside('['))
        {
            Add(TokenKind.Punctuation, 1);
        }
        else if (char.IsAsciiLetter(c) || c is '_' or ':')
        {
            ReadWord();
        }
        else
        {
            ReadSymbol(c);
        }
    }

    private void ReadInBraces(char c)
    {
        if (char.IsAsciiLetter(c) || c == '_')
        {
            var length = 1;
            while (_at + length < query.Length && MetricNames.IsLabelPart(query[_at + length]))
            {
                length++;
            }

            Add(TokenKind.Identifier, length);
        }
        else if (c is ',' or '}')
        {
            ReadPunctuation(c);
        }
        else if (c == '{')
        {
            throw Error(_at, "unexpected left brace '{'");
        }
        else if (Matches("=~") || Matches("!~") || Matches("!="))
        {
            Add(TokenKind.Operator, 2);
        }
        else if (c == '=')
        {
            Add(TokenKind.Operator, 1);
        }
        else
        {
            throw Error(_at, $"unexpected character inside braces: '{c}'");
        }
    }

    private void ReadWord()
    {
        var length = 1;
        while (_at + length < query.Length && (MetricNames.IsLabelPart(query[_at + length]) || query[_at + length] == ':'))
        {
            length++;
        }

        var word = query.Substring(_at, length);
        Add(Classify(word), length);
    }

    private static TokenKind Classify(string word) => word switch
    {
        _ when word.Contains(':', StringComparison.Ordinal) => TokenKind.MetricIdentifier,
        _ when Aggregators.Contains(word) => TokenKind.Aggregator,
        _ when SetOperators.Contains(word) => TokenKind.SetOperator,
        _ when Keywords.Contains(word) => TokenKind.Keyword,
        _ when word.Equals("inf", StringComparison.OrdinalIgnoreCase) || word.Equals("nan", StringComparison.OrdinalIgnoreCase) => TokenKind.Number,
        _ => TokenKind.Identifier,
    };

    private void ReadSymbol(char c)
    {
        if (c is '(' or ')' or '{' or '}' or '[' or ']' or ',')
        {
            ReadPunctuation(c);
            return;
        }

        if (Symbols.FirstOrDefault(Matches) is { } symbol)
        {
            Add(TokenKind.Operator, symbol.Length);
            return;
        }

        if (c == '=')
        {
            Add(TokenKind.Operator, 1);
            return;
        }

        throw Error(_at, c != '!' ? $"unexpected character: '{c}'"
            : _at + 1 < query.Length ? $"unexpected character after '!': '{query[_at + 1]}'" : "unexpected end of input after '!'");
    }

    private void ReadPunctuation(char c)
    {
        if (c is '(' or '{' or '[')
        {
            _open.Push(c);
        }
        else if (c is ')' or '}' or ']')
        {
            var opener = c switch { ')' => '(', '}' => '{', _ => '[' };
            if (!_open.TryPop(out var open) || open != opener)
            {
                throw c switch
                {
                    ')' => Error(_at + 1, "unexpected right parenthesis ')'"),
                    ']' => Error(_at, "unexpected right bracket ']'"),
                    _ => Error(_at, "unexpected character: '}'"),
                };
            }
        }

        Add(TokenKind.Punctuation, 1);
        if (c == '[' && SkipBlanksAndComments())
        {
            _tokens.Add(NumberScanner.ScanDuration(query, ref _at));
        }
    }

    private bool SkipBlanksAndComments()
    {
        while (_at < query.Length)
        {
            if (query[_at] is ' ' or '\t' or '\n' or '\r')
            {
                _at++;
            }
            else if (query[_at] == '#')
            {
                var end = query.IndexOf('\n', _at);
                _at = end < 0 ? query.Length : end;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private bool Inside(char bracket) => _open.TryPeek(out var open) && open == bracket;

    private bool Matches(string symbol) => string.CompareOrdinal(query, _at, symbol, 0, symbol.Length) == 0;

    private void Add(TokenKind kind, int length)
    {
        _tokens.Add(new Token(kind, query.Substring(_at, length), _at));
        _at += length;
    }

    private PromQlParseException Error(int position, string problem) => new(query, position, problem);
}
