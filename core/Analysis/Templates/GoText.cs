using System.Globalization;
using System.Text;

namespace CanaryFunctions.Core.Analysis.Templates;

/// <summary>Text as Go quotes and reads it.</summary>
internal static class GoText
{
    private const string Escaped = "\a\b\f\n\r\t\v\\\"'";
    private const string Escapes = "abfnrtv\\\"'";

    /// <summary>In double quotes, with Go's escapes.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            Append(quoted, rune, '"');
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A code point in single quotes.</summary>
    public static string QuoteCharacter(long codePoint)
    {
        var rune = Rune.IsValid(Clamp(codePoint)) ? new Rune(Clamp(codePoint)) : Rune.ReplacementChar;
        var quoted = new StringBuilder("'");
        Append(quoted, rune, '\'');
        return quoted.Append('\'').ToString();
    }

    /// <summary>Verb <c>%#U</c>: <c>U+002D '-'</c>.</summary>
    public static string CodePoint(string text, int index)
    {
        var rune = Rune.TryGetRuneAt(text, index, out var found) ? found : Rune.ReplacementChar;
        return IsPrintable(rune) ? $"U+{rune.Value:X4} '{rune}'" : $"U+{rune.Value:X4}";
    }

    /// <summary>What a string or character literal stands for; null when it has an escape that Go does not know.</summary>
    public static string? Unquote(string literal)
    {
        var inner = literal[1..^1];
        if (literal[0] == '`')
        {
            return inner.Replace("\r", "", StringComparison.Ordinal);
        }

        var text = new StringBuilder(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] != '\\')
            {
                text.Append(inner[i]);
            }
            else if (!TryUnescape(inner, literal[0], ref i, text))
            {
                return null;
            }
        }

        return text.ToString();
    }

    private static bool TryUnescape(string inner, char quote, ref int i, StringBuilder text)
    {
        var escape = ++i < inner.Length ? inner[i] : '\0';
        var simple = Escapes.IndexOf(escape, StringComparison.Ordinal);
        if (simple >= 0)
        {
            text.Append(Escaped[simple]);
            return escape is not ('"' or '\'') || escape == quote;
        }

        var (start, length, style) = escape switch
        {
            'x' => (i + 1, 2, NumberStyles.AllowHexSpecifier),
            'u' => (i + 1, 4, NumberStyles.AllowHexSpecifier),
            'U' => (i + 1, 8, NumberStyles.AllowHexSpecifier),
            _ => (0, 0, NumberStyles.None),
        };
        if (length == 0 || start + length > inner.Length
            || !uint.TryParse(inner.AsSpan(start, length), style, CultureInfo.InvariantCulture, out var code)
            || !Rune.IsValid(code) || (escape == 'x' && code > 0x7f))
        {
            return false;
        }

        text.Append(new Rune(code).ToString());
        i = start + length - 1;
        return true;
    }

    private static void Append(StringBuilder quoted, Rune rune, char quote)
    {
        var simple = rune.IsBmp ? Escaped.IndexOf((char)rune.Value, StringComparison.Ordinal) : -1;
        if (simple >= 0 && (Escapes[simple] is not ('"' or '\'') || Escapes[simple] == quote))
        {
            quoted.Append('\\').Append(Escapes[simple]);
        }
        else if (IsPrintable(rune))
        {
            quoted.Append(rune.ToString());
        }
        else
        {
            quoted.Append(rune.Value switch
            {
                < 0x80 => $"\\x{rune.Value:x2}",
                < 0x10000 => $"\\u{rune.Value:x4}",
                _ => $"\\U{rune.Value:x8}",
            });
        }
    }

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator);

    private static int Clamp(long codePoint) => codePoint is >= 0 and <= int.MaxValue ? (int)codePoint : -1;
}
