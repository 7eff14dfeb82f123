using System.Text;

namespace CanaryFunctions.LoadTester.Shell;

/// <summary>One pass over one line.</summary>
internal sealed class ShellScanner(string line, bool operators)
{
    private readonly StringBuilder _word = new();
    private readonly List<ShellToken> _tokens = [];
    private int _at;
    private int _wordStart = -1;

    /// <summary>Throws <see cref="ShellSyntaxException"/> when a quote does not end.</summary>
    public List<ShellToken> Scan()
    {
        while (_at < line.Length)
        {
            Step(line[_at]);
        }

        EndWord();
        return _tokens;
    }

    private void Step(char c)
    {
        switch (c)
        {
            case '\'':
                Single();
                break;
            case '"':
                Double();
                break;
            case '\\':
                Escape();
                break;
            case ' ' or '\t' or '\r' or '\n':
                Blank(c);
                break;
            case '|' or '&' or ';' or '<' or '>' or '(' or ')' or '$' or '`' when operators:
                Operator(c);
                break;
            case '#' when operators && _wordStart < 0:
                Add(ShellTokenKind.Other, "#");
                break;
            default:
                Append(c);
                break;
        }
    }

    private void Single()
    {
        var end = line.IndexOf('\'', _at + 1);
        BeginWord();
        if (end < 0)
        {
            throw Unterminated('\'');
        }

        _word.Append(line.AsSpan(_at + 1, end - _at - 1));
        _at = end + 1;
    }

    private void Double()
    {
        var start = _at;
        BeginWord();
        for (_at++; _at < line.Length && line[_at] != '"'; _at++)
        {
            var c = line[_at];
            if (c == '\\' && _at + 1 < line.Length && line[_at + 1] is '"' or '\\' or '$' or '`' or '\n')
            {
                c = line[++_at];
                if (c != '\n')
                {
                    _word.Append(c);
                }
            }
            else if (operators && c is '$' or '`')
            {
                _tokens.Add(new(ShellTokenKind.Other, c.ToString(), _at));
            }
            else
            {
                _word.Append(c);
            }
        }

        if (_at == line.Length)
        {
            _at = start;
            throw Unterminated('"');
        }

        _at++;
    }

    private void Escape()
    {
        _at++;
        if (_at == line.Length)
        {
            Append('\\');
        }
        else if (line[_at] == '\n')
        {
            _at++;
        }
        else
        {
            Append(line[_at]);
        }
    }

    private void Blank(char c)
    {
        EndWord();
        if (c == '\n' && operators)
        {
            Add(ShellTokenKind.Newline, "\n");
        }
        else
        {
            _at++;
        }
    }

    private void Operator(char c)
    {
        EndWord();
        var single = c == '|' && !(_at + 1 < line.Length && line[_at + 1] is '|' or '&');
        Add(single ? ShellTokenKind.Pipe : ShellTokenKind.Other, c.ToString());
        if (!single && c == '|')
        {
            _at++;
        }
    }

    private void Append(char c)
    {
        BeginWord();
        _word.Append(c);
        _at++;
    }

    private void BeginWord()
    {
        if (_wordStart < 0)
        {
            _wordStart = _at;
        }
    }

    private void EndWord()
    {
        if (_wordStart >= 0)
        {
            _tokens.Add(new(ShellTokenKind.Word, _word.ToString(), _wordStart));
            _word.Clear();
            _wordStart = -1;
        }
    }

    private void Add(ShellTokenKind kind, string text)
    {
        _tokens.Add(new(kind, text, _at));
        _at++;
    }

    private ShellSyntaxException Unterminated(char quote) => new($"the quote {quote} at character {_at + 1} does not end.");
}
