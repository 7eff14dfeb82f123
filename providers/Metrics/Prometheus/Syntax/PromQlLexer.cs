using System.Globalization;
using System.Text.RegularExpressions;

namespace CanaryFunctions.Providers.Metrics.Prometheus.Syntax;

/// <summary>Cuts a query into tokens, with a look at the next one.</summary>
internal sealed partial class PromQlLexer(string query)
{
    private static readonly string[] Signs = ["==", "!=", "=~", "!~", ">=", "<=", "{", "}", "(", ")", "[", "]", ",", ":", "+", "-", "*", "/", "%", "^", ">", "<", "=", "@"];

    private int _at;
    private PromQlToken? _next;

    public PromQlToken Peek => _next ??= Read();

    public PromQlToken Take()
    {
        var token = Peek;
        _next = null;
        return token;
    }

    /// <summary>Takes the sign if it is next.</summary>
    public bool TryTake(string sign)
    {
        if (!Peek.Is(sign))
        {
            return false;
        }

        _next = null;
        return true;
    }

    /// <exception cref="PromQlException">Something else is next.</exception>
    public void Expect(string sign, string where)
    {
        if (!TryTake(sign))
        {
            throw Unexpected(where, $"\"{sign}\"");
        }
    }

    /// <summary>The error that something else than what is next should be there.</summary>
    public PromQlException Unexpected(string where, string expected)
        => PromQlException.At(query, Peek.Position, $"unexpected {Peek.Shown}{where}, expected {expected}");

    private PromQlToken Read()
    {
        Skip();
        if (_at == query.Length)
        {
            return new(PromQlTokenKind.End, _at, "");
        }

        var c = query[_at];
        return c is '"' or '\'' or '`' ? Quoted(c)
            : char.IsAsciiDigit(c) || (c == '.' && _at + 1 < query.Length && char.IsAsciiDigit(query[_at + 1])) ? Numeric()
            : char.IsAsciiLetter(c) || c == '_' ? Cut(PromQlTokenKind.Word, WordEnd())
            : Signs.FirstOrDefault(s => string.CompareOrdinal(query, _at, s, 0, s.Length) == 0) is { } sign ? Cut(PromQlTokenKind.Sign, _at + sign.Length)
            : throw PromQlException.At(query, _at, $"unexpected character '{(char.IsControl(c) ? '?' : c)}'");
    }

    // White space, and comments to the end of the line.
    private void Skip()
    {
        while (_at < query.Length && (char.IsWhiteSpace(query[_at]) || query[_at] == '#'))
        {
            _at = query[_at] == '#' && query.IndexOf('\n', _at) is var end ? (end < 0 ? query.Length : end) : _at + 1;
        }
    }

    private PromQlToken Quoted(char quote)
    {
        for (var i = _at + 1; i < query.Length; i++)
        {
            if (query[i] == quote)
            {
                return Cut(PromQlTokenKind.Text, i + 1);
            }

            if (quote != '`' && query[i] == '\n')
            {
                break;
            }

            i += quote != '`' && query[i] == '\\' ? 1 : 0;
        }

        throw PromQlException.At(query, _at, "unterminated quoted string");
    }

    private PromQlToken Numeric()
    {
        var duration = DurationForm().Match(query, _at);
        if (duration.Success)
        {
            return Cut(PromQlTokenKind.Duration, _at + duration.Length);
        }

        var number = NumberForm().Match(query, _at);
        var end = _at + number.Length;
        return end < query.Length && (char.IsAsciiLetterOrDigit(query[end]) || query[end] is '_' or '.')
            ? throw PromQlException.At(query, _at, string.Create(CultureInfo.InvariantCulture, $"bad number or duration syntax: \"{query[_at..Math.Min(query.Length, end + 1)]}\""))
            : Cut(PromQlTokenKind.Number, end);
    }

    // Names of recording rules have colons.
    private int WordEnd()
    {
        var end = _at;
        while (end < query.Length && (char.IsAsciiLetterOrDigit(query[end]) || query[end] is '_' or ':'))
        {
            end++;
        }

        return end;
    }

    private PromQlToken Cut(PromQlTokenKind kind, int end)
    {
        var token = new PromQlToken(kind, _at, query[_at..end]);
        _at = end;
        return token;
    }

    [GeneratedRegex(@"\G(?:[0-9]+(?:ms|[smhdwy]))+(?![A-Za-z0-9_])", RegexOptions.CultureInvariant)]
    private static partial Regex DurationForm();

    [GeneratedRegex(@"\G(?:0[xX][0-9a-fA-F_]+|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)", RegexOptions.CultureInvariant)]
    private static partial Regex NumberForm();
}
