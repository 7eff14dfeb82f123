using System.Buffers;

namespace CanaryFunctions.Core.Analysis.Templates;

/// <summary>Cuts a template into tokens, one at a time. White space next to trim markers and comments never become tokens.</summary>
internal sealed class Lexer(string input)
{
    private const string OpenDelimiter = "{{";
    private const string CloseDelimiter = "}}";
    private static readonly char[] Spaces = [' ', '\t', '\r', '\n'];
    private static readonly SearchValues<char> Terminators = SearchValues.Create(" \t\r\n.,|:)(");
    private static readonly HashSet<string> Keywords =
        new(["if", "else", "end", "range", "with", "define", "template", "block", "break", "continue"], StringComparer.Ordinal);

    private int _position;
    private int _openParens;
    private bool _insideAction;

    /// <exception cref="TemplateException">The template cannot be cut there.</exception>
    public Token Next() => _insideAction ? NextInAction() : NextOutside();

    private Token NextOutside()
    {
        while (_position < input.Length)
        {
            var start = _position;
            var open = input.IndexOf(OpenDelimiter, start, StringComparison.Ordinal);
            var trims = open >= 0 && TrimsBefore(open + 2);
            _position = open < 0 ? input.Length : open;
            var text = input[start.._position];
            text = trims ? text.TrimEnd(Spaces) : text;
            if (text.Length > 0)
            {
                return new(TokenKind.Text, start, text, false);
            }

            if (open >= 0)
            {
                _position = open + (trims ? 4 : 2);
                if (!At("/*"))
                {
                    _insideAction = true;
                    return new(TokenKind.Open, open, OpenDelimiter, false);
                }

                SkipComment(open);
            }
        }

        return new(TokenKind.End, input.Length, "", false);
    }

    private void SkipComment(int open)
    {
        var end = input.IndexOf("*/", _position + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Fail(open, "unclosed comment");
        }

        _position = end + 2;
        if (!TryClose())
        {
            throw Fail(open, "comment ends before closing delimiter");
        }
    }

    private Token NextInAction()
    {
        var space = false;
        while (true)
        {
            var start = _position;
            if (TryClose())
            {
                return _openParens == 0 ? new(TokenKind.Close, start, CloseDelimiter, space) : throw Fail(start, "unclosed left paren");
            }

            if (_position == input.Length)
            {
                throw Fail(start, "unclosed action");
            }

            if (!Spaces.AsSpan().Contains(input[_position]))
            {
                return Take(start, space);
            }

            space = true;
            _position++;
        }
    }

    private Token Take(int start, bool space)
    {
        var first = input[start];
        var second = start + 1 < input.Length ? input[start + 1] : '\0';
        return first switch
        {
            '|' => Symbol(TokenKind.Pipe, 1, space),
            ',' => Symbol(TokenKind.Comma, 1, space),
            '=' => Symbol(TokenKind.Assign, 1, space),
            ':' => second == '=' ? Symbol(TokenKind.Declare, 2, space) : throw Fail(start, "expected :="),
            '(' => Parenthesis(TokenKind.LeftParen, 1, space),
            ')' => Parenthesis(TokenKind.RightParen, -1, space),
            '"' or '\'' => Quoted(first, space),
            '`' => RawString(space),
            '+' or '-' or (>= '0' and <= '9') => Number(space),
            '.' => char.IsAsciiDigit(second) ? Number(space) : Word(TokenKind.Field, 1, space),
            '$' => Word(TokenKind.Variable, 1, space),
            _ => IsWord(first) ? Word(TokenKind.Identifier, 0, space)
                : throw Fail(start, $"unrecognized character in action: {GoText.CodePoint(input, start)}"),
        };
    }

    private Token Symbol(TokenKind kind, int length, bool space)
    {
        var start = _position;
        _position += length;
        return new(kind, start, input.Substring(start, length), space);
    }

    private Token Parenthesis(TokenKind kind, int depth, bool space)
    {
        _openParens += depth;
        return _openParens >= 0 ? Symbol(kind, 1, space) : throw Fail(_position, "unexpected right paren");
    }

    private Token Quoted(char quote, bool space)
    {
        var end = _position + 1;
        while (end < input.Length && input[end] != quote && input[end] != '\n')
        {
            end += input[end] == '\\' && end + 1 < input.Length && input[end + 1] != '\n' ? 2 : 1;
        }

        return end < input.Length && input[end] == quote ? Symbol(TokenKind.Literal, end + 1 - _position, space)
            : throw Fail(_position, quote == '"' ? "unterminated quoted string" : "unterminated character constant");
    }

    private Token RawString(bool space)
    {
        var end = input.IndexOf('`', _position + 1);
        return end >= 0 ? Symbol(TokenKind.Literal, end + 1 - _position, space) : throw Fail(_position, "unterminated raw quoted string");
    }

    private Token Number(bool space)
    {
        var end = _position + 1;
        while (end < input.Length && (IsWord(input[end]) || input[end] == '.' || (input[end] is '+' or '-' && input[end - 1] is 'e' or 'E')))
        {
            end++;
        }

        return Symbol(TokenKind.Literal, end - _position, space);
    }

    private Token Word(TokenKind kind, int prefix, bool space)
    {
        var end = _position + prefix;
        while (end < input.Length && IsWord(input[end]))
        {
            end++;
        }

        if (end < input.Length && !Terminators.Contains(input[end]) && string.CompareOrdinal(input, end, CloseDelimiter, 0, 2) != 0)
        {
            throw Fail(end, $"bad character {GoText.CodePoint(input, end)}");
        }

        var word = input[_position..end];
        return Symbol(KindOf(kind, word), word.Length, space);
    }

    private static TokenKind KindOf(TokenKind kind, string word) => word switch
    {
        "." => TokenKind.Dot,
        "nil" => TokenKind.Nil,
        "true" or "false" => TokenKind.Literal,
        _ => Keywords.Contains(word) ? TokenKind.Keyword : kind,
    };

    private static bool IsWord(char c) => c == '_' || char.IsLetterOrDigit(c);

    private bool TrimsBefore(int position)
        => position + 1 < input.Length && input[position] == '-' && Spaces.AsSpan().Contains(input[position + 1]);

    /// <summary>Passes <c>}}</c>, or <c> -}}</c> together with the white space after it.</summary>
    private bool TryClose()
    {
        var trims = _position < input.Length && Spaces.AsSpan().Contains(input[_position]) && At("-" + CloseDelimiter, 1);
        if (!trims && !At(CloseDelimiter))
        {
            return false;
        }

        _insideAction = _openParens > 0;
        _position += trims ? 4 : 2;
        while (trims && _position < input.Length && Spaces.AsSpan().Contains(input[_position]))
        {
            _position++;
        }

        return true;
    }

    private bool At(string text, int offset = 0) => string.CompareOrdinal(input, _position + offset, text, 0, text.Length) == 0;

    private TemplateException Fail(int position, string problem) => TemplateException.Parsing(input, position, problem);
}
