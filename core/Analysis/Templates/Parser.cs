namespace CanaryFunctions.Core.Analysis.Templates;

/// <summary>Reads text, actions and blocks; <see cref="PipelineParser"/> reads what is inside the braces.</summary>
internal sealed class Parser
{
    private readonly string _template;
    private readonly TokenReader _tokens;
    private readonly PipelineParser _pipelines;

    public Parser(string template)
    {
        _template = template;
        _tokens = new(template);
        _pipelines = new(template, _tokens);
    }

    /// <exception cref="TemplateException">The template breaks a rule of the language, or nests too deep.</exception>
    public IReadOnlyList<Node> Parse()
    {
        var nodes = ParseList(out var keyword);
        return keyword is not { } found ? nodes : throw Fail(found, $"unexpected {{{{{found.Text}}}}}");
    }

    /// <summary>Nodes up to the end of the template, or up to <c>end</c> or <c>else</c>, which is then taken.</summary>
    private List<Node> ParseList(out Token? stop)
    {
        var nodes = new List<Node>();
        stop = null;
        while (_tokens.Peek().Kind != TokenKind.End)
        {
            var token = _tokens.Take();
            if (token.Kind == TokenKind.Text)
            {
                nodes.Add(new TextNode(token.Text));
                continue;
            }

            var first = _tokens.Peek();
            if (first.Kind != TokenKind.Keyword)
            {
                nodes.Add(new ActionNode(_pipelines.Parse("command", TokenKind.Close)));
                continue;
            }

            _tokens.Take();
            if (first.Text is "end" or "else")
            {
                stop = first;
                return nodes;
            }

            nodes.Add(ParseBlock(first));
        }

        return nodes;
    }

    private BlockNode ParseBlock(Token keyword)
    {
        var kind = keyword.Text switch
        {
            "if" => BlockKind.If,
            "with" => BlockKind.With,
            "range" => BlockKind.Range,
            _ => throw Fail(keyword, $"{{{{{keyword.Text}}}}} is not supported in query templates; use one of: if, with, range"),
        };
        using var depth = _tokens.Deeper(keyword.Position);
        var scope = _pipelines.OpenScope();
        var pipeline = _pipelines.Parse(keyword.Text, TokenKind.Close);
        var bodyScope = _pipelines.OpenScope();
        var body = ParseList(out var stop);
        _pipelines.CloseScope(kind == BlockKind.Range ? scope : bodyScope);     // without items a range has no variables
        var otherwise = stop is { Text: "else" } ? ParseElse(kind, keyword) : null;
        if (stop is null)
        {
            throw Fail(_tokens.Peek(), "unexpected EOF");
        }

        if (otherwise is null)
        {
            Expect(TokenKind.Close, "end");
        }

        _pipelines.CloseScope(scope);
        return new(kind, pipeline, body, otherwise ?? []);
    }

    /// <summary>What follows <c>else</c>, up to and with the end of the block.</summary>
    private List<Node> ParseElse(BlockKind kind, Token keyword)
    {
        var next = _tokens.Peek();
        if (kind != BlockKind.Range && next.Kind == TokenKind.Keyword && next.Text == keyword.Text)
        {
            _tokens.Take();
            return [ParseBlock(next)];      // `else if` ends with the `end` of the whole chain
        }

        Expect(TokenKind.Close, "else");
        var nodes = ParseList(out var stop);
        if (stop is not { } end)
        {
            throw Fail(_tokens.Peek(), "unexpected EOF");
        }

        if (end.Text == "else")
        {
            throw Fail(end, "expected end; found {{else}}");
        }

        Expect(TokenKind.Close, "end");
        return nodes;
    }

    private void Expect(TokenKind kind, string context)
    {
        var token = _tokens.Take();
        if (token.Kind != kind)
        {
            throw Fail(token, $"unexpected {token.Shown} in {context}");
        }
    }

    private TemplateException Fail(Token token, string problem) => TemplateException.Parsing(_template, token.Position, problem);
}
