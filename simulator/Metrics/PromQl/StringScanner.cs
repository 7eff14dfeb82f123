using System.Text;

namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>String literals: double and single quotes with Go's escapes, backticks without any.</summary>
internal static class StringScanner
{
    private const string Escaped = "abfnrtv\\'\"";
    private const string Meant = "\a\b\f\n\r\t\v\\'\"";

    /// <summary>Reads one token, quotes included, and moves <paramref name="at"/> behind it.</summary>
    public static Token Scan(string query, ref int at)
    {
        var start = at;
        var quote = query[at++];
        while (at < query.Length && query[at] != quote)
        {
            if (quote != '`' && query[at] == '\n')
            {
                break;
            }

            at += quote != '`' && query[at] == '\\' ? 2 : 1;
        }

        if (at >= query.Length || query[at] != quote)
        {
            throw new PromQlParseException(query, start, quote == '`' ? "unterminated raw string" : "unterminated quoted string");
        }

        at++;
        var token = new Token(TokenKind.String, query[start..at], start);
        Value(query, token);
        return token;
    }

    /// <summary>The text that a string token stands for.</summary>
    public static string Value(string query, Token token)
    {
        var body = token.Text[1..^1];
        if (token.Text[0] == '`' || !body.Contains('\\', StringComparison.Ordinal))
        {
            return body;
        }

        // Bytes, because \xhh and octal escapes are bytes of UTF-8, not characters.
        var bytes = new List<byte>();
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] == '\\')
            {
                i++;
                Unescape(query, token, body, ref i, bytes);
            }
            else
            {
                var length = char.IsHighSurrogate(body[i]) && i + 1 < body.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(body.Substring(i, length)));
                i += length - 1;
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static void Unescape(string query, Token token, string body, ref int i, List<byte> bytes)
    {
        var c = body[i];
        var simple = Escaped.IndexOf(c, StringComparison.Ordinal);
        // A quote may be escaped only inside quotes of its own kind.
        if (simple >= 0 && (c is not ('\'' or '"') || c == token.Text[0]))
        {
            bytes.Add((byte)Meant[simple]);
            return;
        }

        var (digits, radix, skip) = c switch
        {
            'x' => (2, 16, 1),
            'u' => (4, 16, 1),
            'U' => (8, 16, 1),
            >= '0' and <= '7' => (3, 8, 0),
            _ => throw new PromQlParseException(query, token.Position, $"unknown escape sequence U+{(int)c:X4} '{c}'"),
        };
        var text = body.AsSpan(i + skip, Math.Min(digits, body.Length - i - skip));
        if (text.Length < digits || Number(text, radix) is not { } code)
        {
            throw new PromQlParseException(query, token.Position, $"escape sequence \\{c} needs {digits} digits");
        }

        i += digits + skip - 1;
        if (digits > 3 ? !Rune.IsValid((int)code) : code > 255)
        {
            throw new PromQlParseException(query, token.Position, "escape sequence is an invalid Unicode code point");
        }

        bytes.AddRange(digits > 3 ? Encoding.UTF8.GetBytes(new Rune((int)code).ToString()) : [(byte)code]);
    }

    private static long? Number(ReadOnlySpan<char> text, int radix)
    {
        var value = 0L;
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigit(c) || Convert.ToInt32(c.ToString(), 16) is var digit && digit >= radix)
            {
                return null;
            }

            value = (value * radix) + Convert.ToInt32(c.ToString(), 16);
        }

        return value <= int.MaxValue ? value : null;
    }
}
