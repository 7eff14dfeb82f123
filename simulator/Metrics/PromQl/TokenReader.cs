namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>Walks over the tokens of a query and makes the errors that Prometheus makes.</summary>
internal sealed class TokenReader
{
    private readonly List<Token> _tokens;
    private readonly PromQlParseException? _failure;
    private int _at;

    public TokenReader(string query)
    {
        Query = query;
        var lexer = new Lexer(query);
        _tokens = lexer.Read();
        _failure = lexer.Failure;
    }

    public string Query { get; }

    /// <summary>The next token, left in place.</summary>
    public Token Next => Checked(_tokens[_at]);

    /// <summary>The one behind it; the last token if there is none.</summary>
    public Token Second => _tokens[Math.Min(_at + 1, _tokens.Count - 1)];

    public Token Take()
    {
        var token = Next;
        if (_at < _tokens.Count - 1)
        {
            _at++;
        }

        return token;
    }

    public bool NextIs(TokenKind kind, string text) => Next.Is(kind, text);

    /// <summary>Takes the next token if it is this one.</summary>
    public bool TryTake(TokenKind kind, string text)
    {
        var found = NextIs(kind, text);
        if (found)
        {
            Take();
        }

        return found;
    }

    /// <summary>Takes this punctuation, or fails with "unexpected ... in context, expected ...".</summary>
    public void Expect(string punctuation, string context = "", string expected = "")
    {
        if (!TryTake(TokenKind.Punctuation, punctuation))
        {
            throw Unexpected(context, expected);
        }
    }

    public PromQlParseException Unexpected(string context = "", string expected = "") => new(
        Query,
        Next.Position,
        $"unexpected {Next.Describe()}{(context.Length > 0 ? $" in {context}" : "")}{(expected.Length > 0 ? $", expected {expected}" : "")}");

    public PromQlParseException Error(int position, string problem) => new(Query, position, problem);

    private Token Checked(Token token) => token.Kind == TokenKind.Error ? throw _failure! : token;
}
