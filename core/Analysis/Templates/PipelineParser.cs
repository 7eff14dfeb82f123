namespace CanaryFunctions.Core.Analysis.Templates;

/// <summary>Reads pipelines: commands, their operands, and the variables they declare.</summary>
internal sealed class PipelineParser(string template, TokenReader tokens)
{
    private readonly List<string> _variables = ["$"];

    /// <summary>Mark for <see cref="CloseScope"/>: variables declared after it end there.</summary>
    public int OpenScope() => _variables.Count;

    public void CloseScope(int mark) => _variables.RemoveRange(mark, _variables.Count - mark);

    /// <summary>A pipeline and the token that ends it.</summary>
    /// <param name="context">What it is for, as in <c>missing value for if</c>.</param>
    public Pipeline Parse(string context, TokenKind end)
    {
        var position = tokens.Peek().Position;
        var names = ParseDeclaration(context, out var assigns);
        var commands = new List<Command>();
        while (true)
        {
            var next = tokens.Peek();
            if (next.Kind == end)
            {
                throw Fail(next, $"missing value for {context}");
            }

            commands.Add(ParseCommand(end));
            if (tokens.Take().Kind == end)
            {
                break;
            }
        }

        for (var i = 1; i < commands.Count; i++)
        {
            if (commands[i].Operands[0].Term is LiteralTerm or NilTerm or DotTerm { } && commands[i].Operands[0].Fields.Count == 0)
            {
                throw TemplateException.Parsing(template, commands[i].Position, $"non executable command in pipeline stage {i + 1}");
            }
        }

        if (!assigns)
        {
            _variables.AddRange(names);
        }

        return new(position, names, assigns, commands);
    }

    private List<string> ParseDeclaration(string context, out bool assigns)
    {
        assigns = false;
        var first = tokens.Peek();
        if (first.Kind != TokenKind.Variable)
        {
            return [];
        }

        tokens.Take();
        var names = new List<string> { first.Text };
        if (tokens.Peek().Kind == TokenKind.Comma)
        {
            tokens.Take();
            var second = tokens.Take();
            if (context != "range" || second.Kind != TokenKind.Variable)
            {
                throw Fail(second, context == "range" ? "range can only initialize variables" : $"too many declarations in {context}");
            }

            names.Add(second.Text);
        }

        var sign = tokens.Peek();
        if (sign.Kind is not (TokenKind.Declare or TokenKind.Assign))
        {
            tokens.PutBack(first);
            return names.Count == 1 ? [] : throw Fail(sign, "range can only initialize variables");
        }

        tokens.Take();
        assigns = sign.Kind == TokenKind.Assign;
        if (assigns)
        {
            names.ForEach(n => RequireVariable(n, first));
        }

        return names;
    }

    private Command ParseCommand(TokenKind end)
    {
        var operands = new List<Operand>();
        var start = tokens.Peek().Position;
        var stop = start;
        while (true)
        {
            var next = tokens.Peek();
            if (next.Kind == end || next.Kind == TokenKind.Pipe)
            {
                return operands.Count > 0 ? new(template[start..stop].TrimEnd(), operands) : throw Fail(next, "empty command");
            }

            if (operands.Count > 0 && !next.SpaceBefore)
            {
                throw Fail(next, $"unexpected {next.Shown} in operand");
            }

            operands.Add(ParseOperand());
            stop = tokens.Peek().Position;
        }
    }

    private Operand ParseOperand()
    {
        var token = tokens.Take();
        var term = ParseTerm(token);
        var fields = new List<string>();
        if (token.Kind == TokenKind.Field)
        {
            fields.Add(token.Text[1..]);
        }

        var termEnd = tokens.Peek().Position;
        while (tokens.Peek() is { Kind: TokenKind.Field, SpaceBefore: false } field)
        {
            if (term is LiteralTerm or NilTerm)
            {
                throw Fail(field, $"unexpected . after term {GoText.Quote(token.Text)}");
            }

            fields.Add(tokens.Take().Text[1..]);
        }

        var end = term is DotTerm or VariableTerm ? tokens.Peek().Position : termEnd;
        return new(token.Position, template[token.Position..end].TrimEnd(), term, fields);
    }

    private Term ParseTerm(Token token) => token.Kind switch
    {
        TokenKind.Identifier => Functions.Problem(token.Text) is { } problem ? throw Fail(token, problem) : new FunctionTerm(token.Text),
        TokenKind.Dot or TokenKind.Field => new DotTerm(),
        TokenKind.Nil => new NilTerm(),
        TokenKind.Variable => new VariableTerm(RequireVariable(token.Text, token)),
        TokenKind.Literal => new LiteralTerm(Literals.Read(token.Text, out var problem) ?? throw Fail(token, problem)),
        TokenKind.LeftParen => ParseNested(token),
        _ => throw Fail(token, $"unexpected {token.Shown} in operand"),
    };

    private NestedTerm ParseNested(Token token)
    {
        using var depth = tokens.Deeper(token.Position);
        return new(Parse("parenthesized pipeline", TokenKind.RightParen));
    }

    private string RequireVariable(string name, Token at)
        => _variables.Contains(name) ? name : throw Fail(at, $"undefined variable {GoText.Quote(name)}");

    private TemplateException Fail(Token token, string problem) => TemplateException.Parsing(template, token.Position, problem);
}
