namespace CanaryFunctions.Providers.Metrics.Prometheus.Syntax;

/// <summary>What stands in braces, brackets and behind <c>by</c>: label matchers, windows, labels.</summary>
internal sealed class PromQlLists(PromQlLexer lexer)
{
    private static readonly string[] Comparisons = ["=", "!=", "=~", "!~"];

    /// <summary>Labels in parentheses.</summary>
    public void Grouping()
    {
        const string Where = " in grouping";
        lexer.Expect("(", Where);
        while (!lexer.TryTake(")"))
        {
            if (lexer.Peek.Kind is not (PromQlTokenKind.Word or PromQlTokenKind.Text))
            {
                throw lexer.Unexpected(Where, "a label");
            }

            lexer.Take();
            Separator(")", Where);
        }
    }

    /// <summary>Label matchers in braces.</summary>
    public void Matchers()
    {
        const string Where = " in label matching";
        lexer.Expect("{", Where);
        while (!lexer.TryTake("}"))
        {
            var label = lexer.Peek;
            if (label.Kind is not (PromQlTokenKind.Word or PromQlTokenKind.Text))
            {
                throw lexer.Unexpected(Where, "a label or \"}\"");
            }

            lexer.Take();
            if (lexer.Peek.Kind == PromQlTokenKind.Sign && Comparisons.Contains(lexer.Peek.Text))
            {
                lexer.Take();
                if (lexer.Peek.Kind != PromQlTokenKind.Text)
                {
                    throw lexer.Unexpected(Where, "a quoted string");
                }

                lexer.Take();
            }
            else if (label.Kind == PromQlTokenKind.Word)
            {
                throw lexer.Unexpected(Where, "one of \"=\", \"!=\", \"=~\", \"!~\"");
            }

            Separator("}", Where);
        }
    }

    /// <summary>Windows in brackets, if there are any.</summary>
    public void Window()
    {
        while (lexer.TryTake("["))
        {
            Duration();
            if (lexer.TryTake(":") && !lexer.Peek.Is("]"))
            {
                Duration();
            }

            lexer.Expect("]", " in a window");
        }
    }

    /// <summary>A duration or a number of seconds.</summary>
    public void Duration()
    {
        if (lexer.Peek.Kind is not (PromQlTokenKind.Duration or PromQlTokenKind.Number))
        {
            throw lexer.Unexpected(" in a window", "a duration such as \"1m\"");
        }

        lexer.Take();
    }

    // A comma, also behind the last one; or what closes the list.
    private void Separator(string close, string where)
    {
        if (!lexer.TryTake(",") && !lexer.Peek.Is(close))
        {
            throw lexer.Unexpected(where, $"\",\" or \"{close}\"");
        }
    }
}
